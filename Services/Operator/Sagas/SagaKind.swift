import ArgumentParser

/// The kinds of sagas that the Coordinator leads, and where it keeps them.
enum SagaKind: String, CaseIterable, Sendable, ExpressibleByArgument {
    case checkout, refund, cancellation

    /// The table with a row for each saga.
    var table: String { "\(rawValue)s" }
    var history: String { "\(rawValue)_history" }
    var timers: String { "\(rawValue)_timers" }

    /// The column of the history and of the timers that points at the saga.
    var reference: String {
        switch self {
        case .checkout: "checkout_id"
        case .refund: "refund_id"
        // A cancellation has the id of its occurrence.
        case .cancellation: "occurrence_id"
        }
    }
}
