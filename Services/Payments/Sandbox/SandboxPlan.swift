import Contracts

/// What the sandbox's book is to hold of a charge when its key is first seen.
struct SandboxPlan: Sendable, Equatable {
    let outcome: SandboxOutcome
    /// When the outcome holds; the charge is pending before.
    let settlesAt: Timestamp
    /// How many calls are refused as unavailable before one is accepted.
    var refusals = 0
    /// How often the merchant is told of the outcome.
    var notifications = 0
}
