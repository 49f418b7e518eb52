import Contracts
import Messaging
import Postgres

/// Reads one organisation's orders and tickets for people. Orders that were never held do not show.
struct OrderReader {
    let transaction: PostgresTransaction
    let organizationID: OrganizationID

    private static let columns = """
        id, checkout_id, event_occurrence_id, status, total_cents, refunded_cents, refunding_cents, currency,
        buyer_email, buyer_given_name, buyer_family_name, created_at, updated_at
        """

    private static let selectTickets = """
        SELECT ticket.id, ticket.order_id, ticket.event_occurrence_id, ticket.ticket_type_id,
            item.name AS ticket_type_name, ticket.confirmation_code, ticket.qr_code_data, ticket.status,
            attendee.given_name, attendee.family_name, ticket.price_paid_cents, ticket.currency, ticket.reserved_at,
            ticket.confirmed_at, ticket.checked_in_at, ticket.canceled_at, ticket.refund_amount_cents, ticket.refund_id
        FROM tickets AS ticket
        JOIN order_items AS item ON item.order_id = ticket.order_id AND item.ticket_type_id = ticket.ticket_type_id
        JOIN attendees AS attendee ON attendee.id = ticket.attendee_id
        """

    func order(_ id: OrderID) throws -> OrderDetails? {
        try orders(
            transaction.query(
                """
                SELECT \(unescaped: Self.columns) FROM orders
                WHERE id = \(id) AND organization_id = \(organizationID) AND was_held
                """)
        ).first
    }

    /// Orders older than `position`, newest first.
    ///
    /// - Parameter email: the buyer's, compared without case.
    func orders(
        before position: OrderID?, email: String?, occurrenceID: OccurrenceID?, limit: Int
    ) throws -> [OrderDetails] {
        // One text for each combination, so that each has the plan of its own index.
        let page: PostgresQuery =
            switch (email, occurrenceID) {
            case (let email?, let occurrenceID):
                """
                SELECT \(unescaped: Self.columns) FROM orders
                WHERE organization_id = \(organizationID) AND was_held AND lower(buyer_email) = lower(\(email))
                    AND (\(occurrenceID)::uuid IS NULL OR event_occurrence_id = \(occurrenceID))
                    AND (\(position)::uuid IS NULL OR id < \(position))
                ORDER BY id DESC LIMIT \(limit)
                """
            case (nil, let occurrenceID?):
                """
                SELECT \(unescaped: Self.columns) FROM orders
                WHERE organization_id = \(organizationID) AND was_held AND event_occurrence_id = \(occurrenceID)
                    AND (\(position)::uuid IS NULL OR id < \(position))
                ORDER BY id DESC LIMIT \(limit)
                """
            case (nil, nil):
                """
                SELECT \(unescaped: Self.columns) FROM orders
                WHERE organization_id = \(organizationID) AND was_held
                    AND (\(position)::uuid IS NULL OR id < \(position))
                ORDER BY id DESC LIMIT \(limit)
                """
            }
        return try orders(transaction.query(page))
    }

    func ticket(_ id: TicketID) throws -> TicketDetails? {
        try transaction.query(
            """
            \(unescaped: Self.selectTickets) WHERE ticket.id = \(id) AND ticket.organization_id = \(organizationID)
            """
        ).first.map(ticket)
    }

    private func orders(_ rows: PostgresRows) throws -> [OrderDetails] {
        guard !rows.isEmpty else { return [] }
        let tickets = try tickets(of: rows.map { try $0.decode("id") })
        return try rows.map { row in
            let id: OrderID = try row.decode("id")
            let refundingCents: Int = try row.decode("refunding_cents")
            return OrderDetails(
                id: id, organizationID: organizationID, checkoutID: try row.decode("checkout_id"),
                occurrenceID: try row.decode("event_occurrence_id"), status: try row.choice("status"),
                totalCents: try row.decode("total_cents"), refundedCents: try row.decode("refunded_cents"),
                refundingCents: refundingCents == 0 ? nil : refundingCents,
                currency: try row.decode("currency"),
                buyer: Buyer(
                    email: try row.decode("buyer_email"), givenName: try row.decode("buyer_given_name"),
                    familyName: try row.decode("buyer_family_name")),
                tickets: tickets[id] ?? [], createdAt: try row.decode("created_at"),
                updatedAt: try row.decode("updated_at"))
        }
    }

    private func tickets(of orderIDs: [OrderID]) throws -> [OrderID: [TicketDetails]] {
        let rows = try transaction.query(
            """
            \(unescaped: Self.selectTickets)
            WHERE ticket.order_id = ANY(\(orderIDs)) AND ticket.organization_id = \(organizationID)
            ORDER BY ticket.order_id, ticket.position
            """)
        return Dictionary(grouping: try rows.map(ticket), by: \.orderID)
    }

    private func ticket(_ row: PostgresRow) throws -> TicketDetails {
        TicketDetails(
            id: try row.decode("id"), organizationID: organizationID, orderID: try row.decode("order_id"),
            occurrenceID: try row.decode("event_occurrence_id"), ticketTypeID: try row.decode("ticket_type_id"),
            ticketTypeName: try row.decode("ticket_type_name"), publicID: try row.decode("confirmation_code"),
            code: try row.decode("qr_code_data"), status: try row.choice("status"),
            holderName: PersonName.full(
                givenName: try row.decode("given_name"), familyName: try row.decode("family_name")),
            priceCents: try row.decode("price_paid_cents"), currency: try row.decode("currency"),
            reservedAt: try row.decode("reserved_at"), confirmedAt: try row.decode("confirmed_at"),
            checkedInAt: try row.decode("checked_in_at"), canceledAt: try row.decode("canceled_at"),
            refundAmountCents: try row.decode("refund_amount_cents"), refundID: try row.decode("refund_id"))
    }
}
