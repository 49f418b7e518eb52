import Contracts

/// Everything that can happen to a cancellation after its start: what it finds when it looks.
enum CancellationEvent: SagaEvent {
    /// It looked at some of the occurrence's checkouts.
    case pageRead(CancellationPage)
    /// It counted the refunds.
    case counted(CancellationProgress)

    /// What it finds needs the database: `CancellationSweep` looks when the timer fires.
    static func fired(_ timer: SagaTimer.Kind) -> CancellationEvent? { nil }

    var name: String {
        switch self {
        case .pageRead: "coordinator.checkouts-read"
        case .counted: "coordinator.refunds-counted"
        }
    }

    var facts: JSONValue {
        switch self {
        case .pageRead(let page):
            .object([
                "checkouts": .integer(page.checkouts.count), "unreadable": .integer(page.unreadableCount),
                "is_last": .bool(page.next == nil),
            ])
        case .counted(let progress):
            .object([
                "refunded": .integer(progress.refunded), "failed": .integer(progress.failed),
                "open": .integer(progress.open), "paying": .integer(progress.paying),
            ])
        }
    }
}
