import Contracts
import Messaging
import Postgres

@testable import Messaging
@testable import Notifications

/// Bugs of mails and webhooks.
extension Mutation {
    static func renumberingWebhooks(_ definition: ServiceDefinition) -> ServiceDefinition {
        definition.wrapping(
            messages: { $0 }, requests: { $0 },
            jobs: { real in
                guard real.kind == DeliverWebhookJob.kind else { return real }
                return PlantedPerformer(
                    real: real,
                    aroundRecord: { transaction, _, record in
                        let effects = try record()
                        try transaction.execute(
                            """
                            WITH again AS (
                                UPDATE webhook_endpoints SET last_sequence = last_sequence + 1
                                WHERE id IN (
                                    SELECT endpoint_id FROM webhook_delivery_logs
                                    WHERE status = 'pending' AND attempt_count > 0)
                                RETURNING id, last_sequence)
                            UPDATE webhook_delivery_logs SET sequence = again.last_sequence
                            FROM again
                            WHERE webhook_delivery_logs.id = (
                                SELECT id FROM webhook_delivery_logs
                                WHERE endpoint_id = again.id AND status = 'pending' AND attempt_count > 0
                                ORDER BY id LIMIT 1)
                            """)
                        return effects
                    })
            }, sweeps: { $0 })
    }

    static func believingEveryAnswer(_ definition: ServiceDefinition) -> ServiceDefinition {
        changingOutcomes(definition, of: DeliverWebhookJob.self) { outcome in
            guard case .tried(var result) = outcome else { return outcome }
            result.verdict = .delivered
            return .tried(result)
        }
    }

    static func mailingOnce(_ definition: ServiceDefinition) -> ServiceDefinition {
        changingOutcomes(definition, of: MailTicketsJob.self) { outcome in
            guard case .tried(let attempt) = outcome else { return outcome }
            return .tried(
                MailAttempt(
                    attemptedAt: attempt.attemptedAt, durationMilliseconds: attempt.durationMilliseconds,
                    result: .sent))
        }
    }

    private static func changingOutcomes<Performer: JobPerformer>(
        _ definition: ServiceDefinition, of type: Performer.Type,
        _ change: @escaping @Sendable (Performer.Outcome) -> Performer.Outcome
    ) -> ServiceDefinition {
        definition.wrapping(
            messages: { $0 }, requests: { $0 },
            jobs: { real in
                guard real.kind == type.kind else { return real }
                return PlantedPerformer(
                    real: real,
                    aroundPerform: { _, payload, _, perform in
                        let performed = try await perform(payload)
                        guard let performed = performed as? Performed<Performer.Payload, Performer.Outcome> else {
                            return performed
                        }
                        return Performed(job: performed.job, outcome: change(performed.outcome))
                    })
            }, sweeps: { $0 })
    }
}
