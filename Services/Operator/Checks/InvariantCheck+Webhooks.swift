import Contracts
import Foundation
import Messaging
import Postgres

extension InvariantCheck {
    /// Invariant 8 over webhooks: whoever listens hears of everything once, and can tell.
    static let webhooks = [
        InvariantCheck(
            8, "an endpoint's deliveries are numbered without gaps", in: .notifications,
            // Deliveries that ended long ago are deleted, after a week at the earliest: what is missing after a younger one
            // was never there. An endpoint's creation stands for the number 0.
            sql: """
                SELECT format('endpoint %s: %s comes after %s, its newest is %s', endpoint_id, next, sequence, last_sequence)
                FROM (
                    SELECT numbered.*, endpoint.last_sequence,
                           coalesce(lead(sequence) OVER (PARTITION BY endpoint_id ORDER BY sequence),
                                    endpoint.last_sequence + 1) AS next
                    FROM (
                        SELECT endpoint_id, sequence, created_at FROM webhook_delivery_logs
                        UNION ALL
                        SELECT id, 0, created_at FROM webhook_endpoints
                    ) AS numbered
                    JOIN webhook_endpoints AS endpoint ON endpoint.id = numbered.endpoint_id
                ) AS delivery
                WHERE sequence > last_sequence OR next <> sequence + 1 AND created_at > now() - interval '6 days'
                """),
        InvariantCheck(
            8, "a disabled endpoint has nothing to wait for", in: .notifications,
            sql: """
                SELECT format('delivery %s to endpoint %s, %s since %s', delivery.id, endpoint.id,
                              coalesce(endpoint.disabled_reason, endpoint.status), endpoint.updated_at)
                FROM webhook_delivery_logs AS delivery
                JOIN webhook_endpoints AS endpoint ON endpoint.id = delivery.endpoint_id
                WHERE delivery.status = 'pending' AND endpoint.status = 'disabled'
                """),
        InvariantCheck(8, "every refund is told to the endpoints that listen", find: untoldRefunds),
    ]

    private struct ToldRefund: Sendable {
        let id: UUID
        let organizationID: UUID
        let endedAt: Timestamp
    }

    @Sendable private static func untoldRefunds(_ scope: CheckScope) async throws -> [String] {
        // Events that nobody waits for any more are deleted, after a week at the earliest.
        let kept = scope.settledBefore - .seconds(6 * 86_400)
        return try await scope.pages(of: .ticketing, id: \.id) { client, last in
            try await client.query(
                """
                SELECT id, organization_id, ended_at FROM order_refunds
                WHERE status = 'completed' AND ended_at > \(kept) AND ended_at < \(scope.settledBefore)
                AND id > \(last) ORDER BY id LIMIT \(CheckScope.pageSize)
                """
            ).decode((UUID, UUID, Timestamp).self).map { ToldRefund(id: $0, organizationID: $1, endedAt: $2) }
        } judge: { refunds in
            // Only an endpoint that has listened all the time must have heard.
            try await scope.client(.notifications).query(
                """
                SELECT DISTINCT refund.id, endpoint.organization_id
                FROM unnest(
                    \(refunds.map(\.id)), \(refunds.map(\.organizationID)), \(refunds.map(\.endedAt))
                ) AS refund (id, organization_id, ended_at)
                JOIN webhook_endpoints AS endpoint ON endpoint.organization_id = refund.organization_id
                     AND endpoint.status = 'enabled' AND endpoint.updated_at < refund.ended_at
                     AND 'refund.completed' = ANY(endpoint.event_types)
                WHERE NOT EXISTS (
                    SELECT FROM webhook_events AS event
                    JOIN webhook_delivery_logs AS delivery
                         ON delivery.event_id = event.id AND delivery.endpoint_id = endpoint.id
                    WHERE event.organization_id = refund.organization_id AND event.type = 'refund.completed'
                      AND event.object_id = refund.id)
                """
            ).decode((UUID, UUID).self).map { "refund \($0.text) of organisation \($1.text)" }
        }
    }
}
