import Contracts
import Messaging
import Postgres

/// Reads orders by id for the stock commands: three statements, whatever the batch, to travel in one round trip.
enum OrderQueries {
    static func queries(_ ids: [OrderID]) -> [PostgresQuery] {
        [
            """
            SELECT id, organization_id, checkout_id, event_occurrence_id, status, was_held, total_cents, currency,
                buyer_email, buyer_given_name, buyer_family_name, charge_id, expires_at, completed_at,
                refund_version
            FROM orders WHERE id = ANY(\(ids))
            """,
            """
            SELECT order_id, ticket_type_id, name, quantity, unit_price_cents, total_cents
            FROM order_items WHERE order_id = ANY(\(ids)) ORDER BY order_id, position
            """,
            """
            SELECT ticket.order_id, ticket.id, ticket.ticket_type_id, ticket.confirmation_code, attendee.given_name,
                attendee.family_name, attendee.email, ticket.price_paid_cents, ticket.qr_code_data, ticket.code_revision
            FROM tickets AS ticket JOIN attendees AS attendee ON attendee.id = ticket.attendee_id
            WHERE ticket.order_id = ANY(\(ids)) ORDER BY ticket.order_id, ticket.position
            """,
        ]
    }

    /// - Parameter results: of ``queries(_:)``, in their order.
    static func orders(_ results: ArraySlice<PostgresRows>) throws -> [OrderID: KnownOrder] {
        let results = Array(results)
        guard !results[0].isEmpty else { return [:] }
        let lines = try lines(results[1])
        let tickets = try tickets(results[2], lines)
        var orders: [OrderID: KnownOrder] = [:]
        let rows = try results[0].decode(
            (
                OrderID, OrganizationID, CheckoutID, OccurrenceID, TextColumn<OrderStatus>, Bool, Int, Currency?,
                String?, String?, String?, ChargeID?, Timestamp?, Timestamp?, Int
            ).self)
        for row in rows {
            // A constraint of the table: what was held has all of these.
            guard row.5, let currency = row.7, let email = row.8, let givenName = row.9, let expiresAt = row.12 else {
                orders[row.0] = .releasedUnheld(row.1)
                continue
            }
            orders[row.0] = .held(
                HeldOrder(
                    id: row.0, organizationID: row.1, checkoutID: row.2, occurrenceID: row.3, status: row.4.value,
                    buyer: Buyer(email: email, givenName: givenName, familyName: row.10),
                    quote: Quote(lines: lines[row.0] ?? [], totalCents: row.6, currency: currency),
                    expiresAt: expiresAt, chargeID: row.11, completedAt: row.13, refundVersion: row.14,
                    tickets: tickets[row.0] ?? []))
        }
        return orders
    }

    private static func lines(_ rows: PostgresRows) throws -> [OrderID: [QuoteLine]] {
        var lines: [OrderID: [QuoteLine]] = [:]
        for row in try rows.decode((OrderID, TicketTypeID, String, Int, Int, Int).self) {
            lines[row.0, default: []].append(
                QuoteLine(ticketTypeID: row.1, name: row.2, quantity: row.3, unitPriceCents: row.4, totalCents: row.5))
        }
        return lines
    }

    private static func tickets(
        _ rows: PostgresRows, _ lines: [OrderID: [QuoteLine]]
    ) throws -> [OrderID: [HeldOrderTicket]] {
        var tickets: [OrderID: [HeldOrderTicket]] = [:]
        let decoded = try rows.decode(
            (OrderID, TicketID, TicketTypeID, String, String, String?, String, Int, String?, Int).self)
        for row in decoded {
            let typeName = lines[row.0]?.first { $0.ticketTypeID == row.2 }?.name ?? ""
            tickets[row.0, default: []].append(
                HeldOrderTicket(
                    id: row.1, ticketTypeID: row.2, ticketTypeName: typeName, publicID: row.3,
                    holderName: PersonName.full(givenName: row.4, familyName: row.5), holderEmail: row.6,
                    priceCents: row.7, code: row.8, revision: row.9))
        }
        return tickets
    }
}
