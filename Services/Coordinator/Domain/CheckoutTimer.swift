import Contracts

/// A durable timer that a checkout asks for. It is never cancelled: when it fires too late to matter, it is ignored.
struct CheckoutTimer: Sendable, Equatable {
    /// What the time stands for. The raw value is the column `checkout_timers.kind`.
    enum Kind: String, Sendable, CaseIterable {
        /// The hold's time is over.
        case holdEnd = "hold_end"

        /// What the history calls the timer's firing.
        var eventName: String {
            switch self {
            case .holdEnd: "coordinator.hold-ended"
            }
        }

        /// What the checkout hears when the timer fires.
        var event: CheckoutEvent {
            switch self {
            case .holdEnd: .holdEnded
            }
        }
    }

    let kind: Kind
    let dueAt: Timestamp
}
