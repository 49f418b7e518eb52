import Contracts
import Foundation
import Messaging
import Postgres

extension InvariantCheck {
    /// Invariants 5 and 8 over Notifications: what was sold reaches its buyer, and whoever wants to hear of it.
    static let deliveries = [
        InvariantCheck(8, "every sold ticket is on its way to its buyer", find: undeliveredTickets),
        InvariantCheck(3, "every ticket on its way to a buyer is sold", find: unsoldDeliveries),
        InvariantCheck(
            8, "somebody sends every pending notification", in: .notifications,
            sql: """
                SELECT format('%s %s: notification %s is pending since %s', notification.kind,
                              coalesce(delivery.order_id, notification.object_id), notification.id,
                              notification.created_at)
                FROM notifications AS notification
                LEFT JOIN ticket_deliveries AS delivery ON delivery.notification_id = notification.id
                LEFT JOIN jobs AS job
                     ON job.kind = 'mail-tickets' AND (job.payload->>'order_id')::uuid = delivery.order_id
                     OR job.kind = 'mail-letter' AND (job.payload->>'notification_id')::uuid = notification.id
                WHERE notification.status = 'pending' AND job.id IS NULL
                """),
        InvariantCheck(
            8, "somebody sends every pending webhook", in: .notifications,
            // What is parked is begun by the end of another attempt at its endpoint, or by a sweep.
            sql: """
                SELECT format('delivery %s to endpoint %s is pending, next attempt at %s', delivery.id,
                              delivery.endpoint_id, delivery.next_attempt_at)
                FROM webhook_delivery_logs AS delivery
                LEFT JOIN jobs AS job
                     ON job.kind = 'deliver-webhook' AND (job.payload->>'delivery_id')::uuid = delivery.id
                     AND (job.payload->>'serial')::integer = delivery.serial
                WHERE delivery.status = 'pending' AND NOT delivery.is_parked AND job.id IS NULL
                """),
        InvariantCheck(
            5, "deliveries count the attempts that were made", in: .notifications,
            sql: """
                SELECT format('notification %s: %s of %s', notification.id, notification.attempt_count,
                              coalesce(attempt.count, 0))
                FROM notifications AS notification
                LEFT JOIN (SELECT notification_id, count(*) FROM delivery_attempts GROUP BY notification_id) AS attempt
                     ON attempt.notification_id = notification.id
                WHERE notification.attempt_count <> coalesce(attempt.count, 0)
                UNION ALL
                SELECT format('webhook delivery %s: %s of %s', delivery.id, delivery.attempt_count,
                              coalesce(attempt.count, 0))
                FROM webhook_delivery_logs AS delivery
                LEFT JOIN (SELECT delivery_id, count(*) FROM webhook_attempts GROUP BY delivery_id) AS attempt
                     ON attempt.delivery_id = delivery.id
                WHERE delivery.attempt_count <> coalesce(attempt.count, 0)
                """),
    ]

    /// A ticket and what Ticketing and Notifications both know of it.
    private struct DeliveredTicket: Sendable, Equatable {
        let id: UUID
        let orderID: UUID
        let organizationID: UUID

        var text: String { "ticket \(id.text) of order \(orderID.text), organisation \(organizationID.text)" }

        static func read(_ rows: PostgresRows) throws -> [DeliveredTicket] {
            try rows.decode((UUID, UUID, UUID).self).map {
                DeliveredTicket(id: $0, orderID: $1, organizationID: $2)
            }
        }
    }

    @Sendable private static func undeliveredTickets(_ scope: CheckScope) async throws -> [String] {
        try await scope.pages(of: .ticketing, id: \.id) { client, last in
            try await DeliveredTicket.read(
                client.query(
                    """
                    SELECT id, order_id, organization_id FROM tickets
                    WHERE confirmed_at < \(scope.settledBefore) AND id > \(last)
                    ORDER BY id LIMIT \(CheckScope.pageSize)
                    """))
        } judge: { sold in
            let delivered = try await DeliveredTicket.read(
                scope.client(.notifications).query(
                    """
                    SELECT ticket_id, order_id, organization_id FROM ticket_delivery_items
                    WHERE ticket_id = ANY(\(sold.map(\.id)))
                    """))
            let deliveredByID = Dictionary(uniqueKeysWithValues: delivered.map { ($0.id, $0) })
            return sold.compactMap { ticket in
                guard let delivery = deliveredByID[ticket.id] else { return ticket.text }
                return delivery == ticket ? nil : "\(ticket.text): delivered as \(delivery.text)"
            }
        }
    }

    @Sendable private static func unsoldDeliveries(_ scope: CheckScope) async throws -> [String] {
        try await scope.unmatched(
            in: .notifications,
            { last in
                """
                SELECT ticket_id FROM ticket_delivery_items WHERE ticket_id > \(last)
                ORDER BY ticket_id LIMIT \(CheckScope.pageSize)
                """
            }, of: .ticketing,
            { ids in "SELECT id FROM tickets WHERE confirmed_at IS NOT NULL AND id = ANY(\(ids))" })
    }
}
