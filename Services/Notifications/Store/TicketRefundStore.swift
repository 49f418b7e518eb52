import Contracts
import Messaging
import Postgres

/// The table `ticket_refunds`.
struct TicketRefundStore {
    let transaction: PostgresTransaction

    /// What one event says of one ticket.
    struct Change {
        let ticketID: TicketID
        let organizationID: OrganizationID
        let orderID: OrderID
        let orderVersion: Int
        let state: TicketRefundState
    }

    /// Stores what is newer than what is known of each ticket; the rest is dropped.
    func apply(_ changes: [Change], at now: Timestamp) throws {
        // A statement may change a row only once.
        let newest = Dictionary(changes.map { ($0.ticketID, $0) }) { left, right in
            left.orderVersion >= right.orderVersion ? left : right
        }.values.sorted { $0.ticketID < $1.ticketID }
        guard !newest.isEmpty else { return }
        try transaction.execute(
            """
            INSERT INTO ticket_refunds (ticket_id, organization_id, order_id, order_version, state, updated_at)
            SELECT ticket_id, organization_id, order_id, order_version, state, \(now)
            FROM unnest(
                \(newest.map(\.ticketID)), \(newest.map(\.organizationID)), \(newest.map(\.orderID)),
                \(newest.map(\.orderVersion)), \(newest.map(\.state.rawValue))
            ) AS change (ticket_id, organization_id, order_id, order_version, state)
            ORDER BY ticket_id
            ON CONFLICT (ticket_id) DO UPDATE SET
                order_version = excluded.order_version, state = excluded.state, updated_at = excluded.updated_at
            WHERE ticket_refunds.order_version < excluded.order_version
                AND ticket_refunds.organization_id = excluded.organization_id
            """)
    }

    /// What is known of one ticket.
    func state(of ticketID: TicketID, organizationID: OrganizationID) throws -> TicketRefundState? {
        try transaction.query(
            """
            SELECT state FROM ticket_refunds WHERE ticket_id = \(ticketID) AND organization_id = \(organizationID)
            """
        ).decodeFirst(String.self).map(Self.state)
    }

    static func state(_ name: String) throws -> TicketRefundState {
        guard let state = TicketRefundState(rawValue: name) else {
            throw NotificationsError.unreadableValue(table: "ticket_refunds", column: "state")
        }
        return state
    }
}
