import Contracts
import Foundation
import Postgres

/// A transaction with an outbox for work that no message started: an HTTP request, or a notification of a provider.
public struct UnitOfWork: Sendable {
    let service: ServiceName
    let database: PostgresClient
    let moments: MomentSource
    let dispatcher: Dispatcher

    /// Runs `body` in one transaction, commits it with the messages and jobs it causes, and sends those off without waiting for
    /// the broker: what is committed leaves in any case.
    /// - Throws: what `body` throws (nothing has happened then), or a ``PostgresError``.
    public func run<R: Sendable>(
        scope: PostgresScope = .service, organizationID: OrganizationID?, correlationID: UUID? = nil,
        traceparent: String? = nil, _ body: @Sendable (PostgresTransaction, Moment) throws -> (R, Effects)
    ) async throws -> R {
        let moment = moments.moment()
        let cause = EffectStaging.Cause(
            correlationID: correlationID, organizationID: organizationID, traceparent: traceparent)
        let staging = EffectStaging(service: service)
        let performers = dispatcher.jobs.performers
        let (result, staged) = try await database.withTransaction(scope: scope) { transaction in
            let (result, effects) = try body(transaction, moment)
            let staged = try staging.stage(
                [(cause, effects)], performers: performers, in: transaction, at: moment)
            return (result, staged)
        }
        dispatcher.submit(staged)
        return result
    }
}

/// Sends off what a transaction has committed: messages to the broker, claimed jobs to their performers.
struct Dispatcher: Sendable {
    let outbox: OutboxPublisher
    let jobs: JobRunner

    /// Waits for the broker's word, so that what takes messages in goes no faster than what sends them out.
    func dispatch(_ staged: EffectStaging.Staged) async {
        jobs.accept(staged.jobs)
        await outbox.announce(staged.transient)
        await outbox.publish(staged.bundles)
    }

    /// Waits for nothing.
    func submit(_ staged: EffectStaging.Staged) {
        jobs.accept(staged.jobs)
        outbox.submit(staged)
    }
}
