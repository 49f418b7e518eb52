import Contracts

/// One line of a checkout's history.
struct CheckoutHistoryEntry: Sendable {
    /// The raw value is the column `checkout_history.outcome`.
    enum Outcome: String, Sendable {
        case changed
        case noted
        case unexpected
    }

    let key: CheckoutKey
    let sequence: Int
    /// The state after it.
    let state: CheckoutState
    let message: String
    let outcome: Outcome
    let facts: JSONValue
}
