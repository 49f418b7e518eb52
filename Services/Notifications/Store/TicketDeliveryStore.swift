import Contracts
import Foundation
import Messaging
import Postgres

/// The tables `ticket_deliveries` and `ticket_delivery_items`, with the `notifications` that stand for the deliveries.
struct TicketDeliveryStore {
    let transaction: PostgresTransaction

    /// A delivery that begins.
    struct Beginning {
        let notificationID: UUID
        let organizationID: OrganizationID
        let document: TicketDocument
    }

    /// Adds the deliveries of orders that have none yet.
    /// - Returns: the orders whose deliveries were added.
    func add(_ beginnings: [Beginning], at now: Timestamp) throws -> Set<OrderID> {
        let items = beginnings.flatMap { beginning in
            beginning.document.tickets.map { (beginning.document.orderID, $0.id) }
        }
        // One statement, so that nothing is added for an order that another process has added meanwhile. ON CONFLICT
        // names no constraint: two processes at once may meet in either of the table's keys.
        let rows = try transaction.query(
            """
            WITH beginning AS (
                SELECT * FROM unnest(
                    \(beginnings.map(\.document.orderID)), \(beginnings.map(\.organizationID)),
                    \(beginnings.map(\.notificationID)), \(beginnings.map(\.document.buyer.email)),
                    \(beginnings.map { PostgresJSON($0.document) }), \(beginnings.map(\.document.completedAt))
                ) AS beginning (order_id, organization_id, notification_id, recipient, document, completed_at)
            ), added AS (
                INSERT INTO ticket_deliveries (order_id, organization_id, notification_id, document, completed_at)
                SELECT order_id, organization_id, notification_id, document, completed_at
                FROM beginning ORDER BY order_id
                ON CONFLICT DO NOTHING
                RETURNING order_id, organization_id, notification_id
            ), notified AS (
                INSERT INTO notifications (id, organization_id, kind, channel, recipient, created_at)
                SELECT added.notification_id, added.organization_id, 'tickets', 'email', beginning.recipient, \(now)
                FROM added JOIN beginning USING (notification_id)
            ), listed AS (
                INSERT INTO ticket_delivery_items (ticket_id, organization_id, order_id)
                SELECT item.ticket_id, added.organization_id, added.order_id
                FROM unnest(\(items.map(\.0)), \(items.map(\.1))) AS item (order_id, ticket_id)
                JOIN added USING (order_id)
            )
            SELECT order_id FROM added
            """)
        return Set(try rows.decode(OrderID.self))
    }

    /// An attempt whose mail the relay took.
    struct Sent {
        let orderID: OrderID
        let attempt: MailAttempt
    }

    /// Ends the deliveries that the relay took and adds the attempts: the usual end, in one statement. Deliveries that have
    /// ended before stay as they are.
    func end(_ sent: [Sent], at now: Timestamp) throws {
        guard !sent.isEmpty else { return }
        try transaction.execute(
            """
            WITH pending AS (
                SELECT notification.id, notification.organization_id, notification.attempt_count + 1 AS number,
                    sent.attempted_at, sent.duration_milliseconds
                FROM unnest(
                    \(sent.map(\.orderID)), \(sent.map(\.attempt.attemptedAt)),
                    \(sent.map(\.attempt.durationMilliseconds))
                ) AS sent (order_id, attempted_at, duration_milliseconds)
                JOIN ticket_deliveries AS delivery ON delivery.order_id = sent.order_id
                JOIN notifications AS notification ON notification.id = delivery.notification_id
                WHERE notification.status = 'pending'
                ORDER BY notification.id FOR UPDATE OF notification
            ), ended AS (
                UPDATE notifications SET status = 'sent', attempt_count = pending.number, completed_at = \(now)
                FROM pending WHERE notifications.id = pending.id
            )
            INSERT INTO delivery_attempts
                (organization_id, notification_id, number, outcome, attempted_at, duration_milliseconds)
            SELECT organization_id, id, number, 'sent', attempted_at, duration_milliseconds FROM pending
            """)
    }

    /// Locks the deliveries of these orders that have not ended.
    func lockPending(_ orderIDs: [OrderID]) throws -> [OrderID: NotificationStore.Pending] {
        guard !orderIDs.isEmpty else { return [:] }
        let rows = try transaction.query(
            """
            SELECT delivery.order_id, notification.id, notification.organization_id, notification.attempt_count,
                delivery.completed_at
            FROM notifications AS notification
            JOIN ticket_deliveries AS delivery ON delivery.notification_id = notification.id
            WHERE delivery.order_id = ANY(\(orderIDs)) AND notification.status = 'pending'
            ORDER BY notification.id
            FOR UPDATE OF notification
            """)
        return try rows.decode((OrderID, UUID, OrganizationID, Int, Timestamp).self).reduce(into: [:]) { pending, row in
            pending[row.0] = NotificationStore.Pending(
                notificationID: row.1, organizationID: row.2, attemptCount: row.3, since: row.4)
        }
    }

    /// The document that a ticket is in.
    func findDocument(with ticketID: TicketID, organizationID: OrganizationID) throws -> TicketDocument? {
        try transaction.query(
            """
            SELECT delivery.document
            FROM ticket_delivery_items AS item
            JOIN ticket_deliveries AS delivery ON delivery.order_id = item.order_id
            WHERE item.ticket_id = \(ticketID) AND item.organization_id = \(organizationID)
                AND delivery.organization_id = \(organizationID)
            """
        ).decodeFirst(PostgresJSON<TicketDocument>.self)?.value
    }
}
