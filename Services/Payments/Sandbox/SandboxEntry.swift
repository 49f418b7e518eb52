import Contracts

/// A charge in the sandbox's book, as far as its answer goes.
struct SandboxEntry: Sendable, Equatable {
    let reference: String
    /// Nil while every call was refused as unavailable.
    let outcome: SandboxOutcome?
    let settlesAt: Timestamp?

    /// What the book says at a time; nil while no call was accepted.
    func verdict(at now: Timestamp) -> ChargeVerdict? {
        guard let outcome, let settlesAt else { return nil }
        return settlesAt <= now
            ? outcome.verdict(reference: reference, at: settlesAt) : .pending(reference: reference)
    }
}
