import Contracts

/// A refund in the sandbox's book, as far as its answer goes.
struct SandboxRefundEntry: Sendable, Equatable {
    let reference: String
    /// Nil while every call was refused as unavailable.
    let outcome: SandboxRefundOutcome?
    let settlesAt: Timestamp?

    /// What the book says at a time; nil while no call was accepted.
    func verdict(at now: Timestamp) -> RefundVerdict? {
        guard let outcome, let settlesAt else { return nil }
        return settlesAt <= now
            ? outcome.verdict(reference: reference, at: settlesAt) : .pending(reference: reference)
    }
}
