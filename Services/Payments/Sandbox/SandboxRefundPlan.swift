import Contracts

/// What the sandbox's book is to hold of a refund when its key is first seen.
struct SandboxRefundPlan: Sendable, Equatable {
    let outcome: SandboxRefundOutcome
    /// When the outcome holds; the refund is pending before.
    let settlesAt: Timestamp
    /// How many calls are refused as unavailable before one is accepted.
    var refusals = 0
    /// How often the merchant is told of the outcome.
    var notifications = 0
    /// Whether the answer to a call arrives.
    var isAnswered = true
}
