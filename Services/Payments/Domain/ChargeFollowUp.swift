import Contracts

/// What to do next about a charge whose end is not known.
enum ChargeFollowUp: Sendable, Equatable {
    case none
    /// Ask the provider what became of it.
    case inquire(after: Duration)
    /// Order it again under the same idempotency key.
    case chargeAgain(after: Duration)
}
