import Contracts
import Foundation
import Postgres

/// A job performer without its type parameters.
public protocol RegisteredJobPerformer: Sendable {
    var kind: String { get }
    var concurrency: Int { get }
    var lease: Duration { get }
    var gathering: Duration { get }

    /// Performs one job and returns what ``record(_:in:at:)`` takes.
    func perform(
        id: UUID, payload: [UInt8], attempt: Int, envelope: Envelope, startedAt: Timestamp
    ) async throws -> any Sendable

    func record(
        _ performed: [any Sendable], in transaction: PostgresTransaction, at moment: Moment
    ) throws -> [Effects]
}

struct JobPerformerRegistration<Performer: JobPerformer>: RegisteredJobPerformer {
    let performer: Performer

    var kind: String { Performer.kind }
    var concurrency: Int { performer.concurrency }
    var lease: Duration { performer.lease }
    var gathering: Duration { performer.gathering }

    func perform(
        id: UUID, payload: [UInt8], attempt: Int, envelope: Envelope, startedAt: Timestamp
    ) async throws -> any Sendable {
        let job = Job(
            id: id, payload: try MessageCodec.decode(Performer.Payload.self, from: payload), attempt: attempt,
            organizationID: envelope.organizationID, correlationID: envelope.correlationID, startedAt: startedAt)
        return Performed(job: job, outcome: try await performer.perform(job))
    }

    func record(
        _ performed: [any Sendable], in transaction: PostgresTransaction, at moment: Moment
    ) throws -> [Effects] {
        let typed = performed.compactMap { $0 as? Performed<Performer.Payload, Performer.Outcome> }
        precondition(typed.count == performed.count, "performed by another performer's registration")
        let effects = try performer.record(typed, in: transaction, at: moment)
        guard effects.count == typed.count else {
            throw MessagingError.resultCountMismatch(
                handler: String(describing: Performer.self), expected: typed.count, actual: effects.count)
        }
        return effects
    }
}
