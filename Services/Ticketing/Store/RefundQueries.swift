import Contracts
import Messaging
import Postgres

/// Reads what decides about refunds, for a whole batch at once: statements to travel in one round trip.
enum RefundQueries {
    /// Orders that were ever held.
    ///
    /// - Parameter organizationID: only its orders; nil for those of every organisation.
    static func ordersQuery(_ ids: [OrderID], of organizationID: OrganizationID? = nil) -> PostgresQuery {
        """
        SELECT id, organization_id, checkout_id, event_occurrence_id, buyer_email, buyer_given_name, buyer_family_name,
            charge_id, total_cents, currency, status, refunded_cents, refunding_cents, refund_version
        FROM orders
        WHERE id = ANY(\(ids)) AND was_held AND (\(organizationID)::uuid IS NULL OR organization_id = \(organizationID))
        """
    }

    /// The tickets of these orders.
    static func ticketsQuery(_ orderIDs: [OrderID], of organizationID: OrganizationID? = nil) -> PostgresQuery {
        """
        \(unescaped: selectTickets)
        WHERE order_id = ANY(\(orderIDs)) AND (\(organizationID)::uuid IS NULL OR organization_id = \(organizationID))
        """
    }

    /// The tickets of these orders, locked in the order of their ids, as everybody locks tickets: no gate's word that one
    /// was used comes between the reading and the writing.
    static func lockedTicketsQuery(_ orderIDs: [OrderID]) -> PostgresQuery {
        "\(unescaped: selectTickets) WHERE order_id = ANY(\(orderIDs)) ORDER BY id FOR NO KEY UPDATE"
    }

    private static let selectTickets = """
        SELECT order_id, position, id, ticket_type_id, price_paid_cents, checked_in_at IS NOT NULL, status, refund_id,
            refund_amount_cents
        FROM tickets
        """

    /// - Parameters:
    ///   - rows: of ``ordersQuery(_:of:)``.
    ///   - ticketRows: of ``ticketsQuery(_:of:)`` or ``lockedTicketsQuery(_:)`` for the same orders.
    static func orders(_ rows: PostgresRows, tickets ticketRows: PostgresRows) throws -> [OrderID: RefundableOrder] {
        let tickets = try tickets(ticketRows)
        let orders = try rows.decode(
            (
                OrderID, OrganizationID, CheckoutID, OccurrenceID, String, String, String?, ChargeID?, Int, Currency,
                TextColumn<OrderStatus>, Int, Int, Int
            ).self
        ).map { row in
            RefundableOrder(
                id: row.0, organizationID: row.1, checkoutID: row.2, occurrenceID: row.3,
                buyer: Buyer(email: row.4, givenName: row.5, familyName: row.6), chargeID: row.7, totalCents: row.8,
                currency: row.9, status: row.10.value, refundedCents: row.11, refundingCents: row.12, version: row.13,
                tickets: tickets[row.0] ?? [])
        }
        return Dictionary(uniqueKeysWithValues: orders.map { ($0.id, $0) })
    }

    /// By order, in the order of their positions.
    private static func tickets(_ rows: PostgresRows) throws -> [OrderID: [RefundableTicket]] {
        let decoded = try rows.decode(
            (OrderID, Int, TicketID, TicketTypeID, Int, Bool, TextColumn<TicketStatus>, RefundID?, Int).self)
        return Dictionary(grouping: decoded.sorted { $0.1 < $1.1 }, by: \.0).mapValues { rows in
            rows.map { row in
                RefundableTicket(
                    id: row.2, ticketTypeID: row.3, priceCents: row.4, wasCheckedIn: row.5, status: row.6.value,
                    refundID: row.7, refundAmountCents: row.8)
            }
        }
    }

    static func refundsQuery(_ ids: [RefundID]) -> PostgresQuery {
        """
        SELECT id, organization_id, order_id, cause, reason, amount_cents, currency, ticket_ids, prepared_version,
            prepared_at, status, ended_at, ended_version, order_status, order_refunded_cents
        FROM order_refunds WHERE id = ANY(\(ids))
        """
    }

    static func refunds(_ rows: PostgresRows) throws -> [RefundID: OrderRefund] {
        let refunds = try rows.map { row in
            OrderRefund(
                id: try row.decode("id"), organizationID: try row.decode("organization_id"),
                orderID: try row.decode("order_id"), cause: try row.choice("cause"), reason: try row.decode("reason"),
                amountCents: try row.decode("amount_cents"), currency: try row.decode("currency"),
                ticketIDs: try row.decode("ticket_ids"), preparedVersion: try row.decode("prepared_version"),
                preparedAt: try row.decode("prepared_at"), state: try state(row))
        }
        return Dictionary(uniqueKeysWithValues: refunds.map { ($0.id, $0) })
    }

    private static func state(_ row: PostgresRow) throws -> OrderRefund.State {
        switch try row.decode("status", as: String.self) {
        case "completed":
            .completed(
                at: try row.decode("ended_at"), version: try row.decode("ended_version"),
                orderStatus: try row.choice("order_status"),
                orderRefundedCents: try row.decode("order_refunded_cents"))
        case "abandoned": .abandoned(at: try row.decode("ended_at"), version: try row.decode("ended_version"))
        default: .pending
        }
    }

    /// What of these orders' occurrences decides.
    static func termsQuery(_ orderIDs: [OrderID]) -> PostgresQuery {
        """
        SELECT orders.id, occurrence.start_at, occurrence.status, event.settings, occurrence.settings
        FROM orders
        JOIN event_occurrences AS occurrence ON occurrence.id = orders.event_occurrence_id
        JOIN event_definitions AS event ON event.id = occurrence.event_definition_id
        WHERE orders.id = ANY(\(orderIDs))
        """
    }

    static func terms(_ rows: PostgresRows) throws -> [OrderID: RefundTerms] {
        let terms = try rows.decode(
            (
                OrderID, Timestamp, TextColumn<OccurrenceStatus>, PostgresJSON<JSONValue>, PostgresJSON<JSONValue>
            ).self
        ).map { orderID, startAt, status, event, occurrence in
            let settings = EventSettings(event.value, occurrence: occurrence.value)
            let terms = RefundTerms(
                startAt: startAt, isCanceled: status.value == .canceled, policy: settings.refundPolicy)
            return (orderID, terms)
        }
        return Dictionary(uniqueKeysWithValues: terms)
    }
}
