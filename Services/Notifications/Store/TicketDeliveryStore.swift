import Contracts
import Foundation
import Messaging
import Postgres

/// The tables `ticket_deliveries`, `ticket_delivery_items`, `notifications` and `delivery_attempts`.
struct TicketDeliveryStore {
    let transaction: PostgresTransaction

    /// A delivery that begins.
    struct Beginning {
        let notificationID: UUID
        let organizationID: OrganizationID
        let document: TicketDocument
    }

    /// A delivery that still waits to be sent, locked.
    struct Pending {
        let notificationID: UUID
        let organizationID: OrganizationID
        let attemptCount: Int
        /// When the order was completed.
        let completedAt: Timestamp
    }

    /// What an attempt made of a delivery.
    struct Step {
        let notificationID: UUID
        let organizationID: OrganizationID
        let number: Int
        let attempt: MailAttempt
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

    /// The delivery of an order, unless it has ended.
    func findPending(_ orderID: OrderID) throws -> StoredTicketDelivery? {
        let row = try transaction.query(
            """
            SELECT delivery.document, notification.recipient, template.subject, template.text_body, template.html_body
            FROM ticket_deliveries AS delivery
            JOIN notifications AS notification ON notification.id = delivery.notification_id
            LEFT JOIN templates AS template
                ON template.organization_id = delivery.organization_id AND template.kind = notification.kind
            WHERE delivery.order_id = \(orderID) AND notification.status = 'pending'
            """
        ).decodeFirst((PostgresJSON<TicketDocument>, String, String?, String?, String?).self)
        guard let (document, recipient, subject, text, html) = row else { return nil }
        var template: MailTemplate?
        if let subject, let text, let html { template = MailTemplate(subject: subject, text: text, html: html) }
        return StoredTicketDelivery(document: document.value, recipient: recipient, template: template)
    }

    /// Locks the deliveries of these orders that have not ended.
    func lockPending(_ orderIDs: [OrderID]) throws -> [OrderID: Pending] {
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
            pending[row.0] = Pending(
                notificationID: row.1, organizationID: row.2, attemptCount: row.3, completedAt: row.4)
        }
    }

    /// Adds attempts and moves their notifications.
    func record(_ steps: [Step], at now: Timestamp) throws {
        guard !steps.isEmpty else { return }
        let outcomes = steps.map { step in
            switch step.attempt.result {
            case .sent: (outcome: "sent", status: "sent", error: String?.none)
            case .postponed(let reason): (outcome: "postponed", status: "pending", error: reason)
            case .failed(let reason): (outcome: "failed", status: "failed", error: reason)
            }
        }
        try transaction.execute(
            """
            INSERT INTO delivery_attempts
                (organization_id, notification_id, number, outcome, error, attempted_at, duration_milliseconds)
            SELECT * FROM unnest(
                \(steps.map(\.organizationID)), \(steps.map(\.notificationID)), \(steps.map(\.number)),
                \(outcomes.map(\.outcome)), \(outcomes.map(\.error)), \(steps.map(\.attempt.attemptedAt)),
                \(steps.map(\.attempt.durationMilliseconds)))
            """)
        try transaction.execute(
            """
            UPDATE notifications
            SET status = step.status, attempt_count = step.number,
                completed_at = CASE WHEN step.status = 'pending' THEN NULL ELSE \(now) END
            FROM unnest(\(steps.map(\.notificationID)), \(outcomes.map(\.status)), \(steps.map(\.number)))
                AS step (id, status, number)
            WHERE notifications.id = step.id
            """)
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
