import Contracts

/// One line of a saga's history.
struct SagaHistoryEntry: Sendable {
    /// The raw value is the column `outcome` of the histories.
    enum Outcome: String, Sendable {
        case changed
        case noted
        case unexpected
    }

    let key: SagaKey
    let sequence: Int
    /// The state after it.
    let state: String
    let message: String
    let outcome: Outcome
    let facts: JSONValue
}
