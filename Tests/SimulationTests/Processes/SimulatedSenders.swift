import Contracts
import Foundation
import Messaging
import Postgres

@testable import Messaging
@testable import Notifications

/// Notifications' outside: mails are taken by a relay that is never away. Everything else about its jobs is real.
enum SimulatedSenders {
    static func replacing(in definition: ServiceDefinition) -> ServiceDefinition {
        definition.wrapping(
            messages: { $0 }, requests: { $0 },
            jobs: { $0.kind == MailTicketsJob.kind ? SimulatedMail(real: $0) : $0 }, sweeps: { $0 })
    }

    private struct SimulatedMail: RegisteredJobPerformer {
        let real: any RegisteredJobPerformer

        var kind: String { real.kind }
        var concurrency: Int { real.concurrency }
        var lease: Duration { real.lease }

        func perform(
            id: UUID, payload: [UInt8], attempt: Int, envelope: Envelope, startedAt: Timestamp
        ) async throws -> any Sendable {
            let job = Job(
                id: id, payload: try MessageCodec.decode(MailTicketsJob.Payload.self, from: payload),
                attempt: attempt, organizationID: envelope.organizationID, correlationID: envelope.correlationID,
                startedAt: startedAt)
            return Performed(
                job: job,
                outcome: MailTicketsJob.Outcome.tried(
                    MailAttempt(attemptedAt: startedAt, durationMilliseconds: 1, result: .sent)))
        }

        func record(
            _ performed: [any Sendable], in transaction: PostgresTransaction, at moment: Moment
        ) throws -> [Effects] {
            try real.record(performed, in: transaction, at: moment)
        }
    }
}
