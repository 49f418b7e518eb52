import Contracts

/// How far the refunds of a canceled occurrence are.
struct CancellationProgress: Sendable, Equatable {
    var refunded = 0
    var failed = 0
    /// Refunds that have not ended.
    var open = 0
    /// Checkouts whose payment is under way: each may still become an order.
    var paying = 0
    /// Of the refunds that are completed, in minor units of `currency`.
    var refundedCents = 0
    var currency: Currency?
}
