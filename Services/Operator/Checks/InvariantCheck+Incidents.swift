import Foundation
import Messaging
import Postgres

extension InvariantCheck {
    /// What a saga cannot mend by itself has an incident: there is never silence.
    static let incidents = [
        InvariantCheck(
            8, "what cannot be mended by itself has an incident", in: .coordinator,
            // Resolved ones count as well. The limits lie above the sagas' own.
            sql: """
                SELECT format('%s %s is %s: no incident %s', wanted.saga, wanted.saga_id, wanted.state, wanted.kind)
                FROM (
                    SELECT 'checkout' AS saga, id AS saga_id, state, saga->>'incident' AS kind FROM checkouts
                    UNION ALL
                    SELECT 'checkout', id, state, 'refund_failed' FROM checkouts
                    WHERE jsonb_path_exists(saga, '$.charges[*] ? (@.refund == "failed")')
                    UNION ALL
                    SELECT 'checkout', id, state, 'charge_undecided' FROM checkouts
                    WHERE state = 'paying' AND (saga->>'expiresAt')::timestamptz < now() - interval '30 minutes'
                    UNION ALL
                    SELECT 'checkout', id, state, 'answer_overdue' FROM checkouts
                    WHERE state = 'confirming' AND (saga->>'reminders')::bigint >= 5
                    UNION ALL
                    SELECT 'refund', id, state, saga->>'incident' FROM refunds
                    UNION ALL
                    SELECT 'refund', id, state, 'answer_overdue' FROM refunds AS refund
                    WHERE state <> 'pending' AND \(awaitsAnswer("refund")) AND (saga->>'reminders')::bigint >= 5
                    UNION ALL
                    SELECT 'refund', id, state, 'refund_undecided' FROM refunds
                    WHERE state = 'pending' AND created_at < now() - interval '3 days 2 hours'
                    UNION ALL
                    SELECT 'refund', id, state, 'refund_failed' FROM refunds
                    WHERE state = 'failed' AND cause = 'occurrence_canceled'
                    UNION ALL
                    SELECT 'cancellation', id, state, 'cancellation_incomplete' FROM cancellations
                    WHERE state = 'incomplete'
                ) AS wanted
                WHERE wanted.kind IS NOT NULL
                  AND NOT EXISTS (
                      SELECT FROM incidents AS incident
                      WHERE incident.saga_id = wanted.saga_id AND incident.saga = wanted.saga
                        AND incident.kind = wanted.kind)
                GROUP BY wanted.saga, wanted.saga_id, wanted.state, wanted.kind
                """),
        InvariantCheck(
            8, "no incident is open", severity: .warning, in: .coordinator,
            sql: """
                SELECT format('%s %s since %s, incident %s, %s: %s', saga, saga_id, raised_at, id, kind, detail)
                FROM incidents WHERE resolved_at IS NULL ORDER BY raised_at
                """),
    ]
}

extension CheckScope {
    /// The sagas among these that an operator was called for.
    ///
    /// - Parameter kind: for what; nil for anything.
    func sagasWithIncident(_ saga: SagaKind, _ kind: String? = nil, among ids: [UUID]) async throws -> Set<UUID> {
        Set(
            try await client(.coordinator).query(
                """
                SELECT saga_id FROM incidents
                WHERE saga = \(saga.rawValue) AND saga_id = ANY(\(ids))
                AND (\(kind)::text IS NULL OR kind = \(kind))
                """
            ).decode(UUID.self))
    }
}
