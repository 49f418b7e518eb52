import Contracts
import Messaging
import Postgres

/// Writes what batches of refund commands decided: multi-row statements, to travel in one round trip.
enum RefundWriter {
    /// Adds prepared refunds.
    static func insertQuery(_ refunds: [OrderRefund]) -> PostgresQuery {
        // Lists of lists are no rectangular arrays, so that they travel as JSON.
        """
        INSERT INTO order_refunds (
            id, organization_id, order_id, status, cause, reason, amount_cents, currency, ticket_ids, prepared_version,
            prepared_at)
        SELECT id, organization_id, order_id, 'pending', cause, reason, amount_cents, currency,
            ARRAY(SELECT jsonb_array_elements_text(ticket_ids)::uuid), prepared_version, prepared_at
        FROM unnest(
            \(refunds.map(\.id)), \(refunds.map(\.organizationID)), \(refunds.map(\.orderID)),
            \(refunds.map(\.cause.rawValue)), \(refunds.map(\.reason)), \(refunds.map(\.amountCents)),
            \(refunds.map(\.currency)), \(refunds.map { PostgresJSON($0.ticketIDs) }),
            \(refunds.map(\.preparedVersion)), \(refunds.map(\.preparedAt)))
            AS new (
                id, organization_id, order_id, cause, reason, amount_cents, currency, ticket_ids, prepared_version,
                prepared_at)
        """
    }

    /// Stores how pending refunds ended.
    static func endQuery(_ refunds: [OrderRefund]) -> PostgresQuery {
        let ends = refunds.compactMap { refund -> End? in End(refund) }
        return """
            UPDATE order_refunds SET status = ended.status, ended_at = ended.at, ended_version = ended.version,
                order_status = ended.order_status, order_refunded_cents = ended.order_refunded_cents
            FROM unnest(
                \(ends.map(\.id)), \(ends.map(\.status)), \(ends.map(\.at)), \(ends.map(\.version)),
                \(ends.map { $0.orderStatus?.rawValue }), \(ends.map(\.orderRefundedCents)))
                AS ended (id, status, at, version, order_status, order_refunded_cents)
            WHERE order_refunds.id = ended.id AND order_refunds.status = 'pending'
            """
    }

    /// Stores what refunds have changed of orders.
    ///
    /// - Parameter orders: each with the version that it had before.
    static func ordersQuery(_ orders: [(order: RefundableOrder, from: Int)], at now: Timestamp) -> PostgresQuery {
        """
        UPDATE orders SET status = changed.status, refunded_cents = changed.refunded_cents,
            refunding_cents = changed.refunding_cents, refund_version = changed.version, updated_at = \(now)
        FROM unnest(
            \(orders.map(\.order.id)), \(orders.map(\.order.status.rawValue)), \(orders.map(\.order.refundedCents)),
            \(orders.map(\.order.refundingCents)), \(orders.map(\.order.version)), \(orders.map(\.from)))
            AS changed (id, status, refunded_cents, refunding_cents, version, from_version)
        WHERE orders.id = changed.id AND orders.refund_version = changed.from_version
        """
    }

    /// Stores what refunds have changed of tickets, which are still confirmed or checked in. Whether one was checked in
    /// is not this writer's to change.
    static func ticketsQuery(_ tickets: [RefundableTicket], at now: Timestamp) -> PostgresQuery {
        """
        UPDATE tickets SET
            status = CASE WHEN changed.is_refunded THEN 'refunded' ELSE tickets.status END,
            refund_id = changed.refund_id, refund_amount_cents = changed.amount_cents, updated_at = \(now)
        FROM unnest(
            \(tickets.map(\.id)), \(tickets.map { $0.status == .refunded }), \(tickets.map(\.refundID)),
            \(tickets.map(\.refundAmountCents))) AS changed (id, is_refunded, refund_id, amount_cents)
        WHERE tickets.id = changed.id AND tickets.status IN ('confirmed', 'checked_in')
        """
    }

    private struct End {
        let id: RefundID
        let status: String
        let at: Timestamp
        let version: Int
        let orderStatus: OrderStatus?
        let orderRefundedCents: Int?

        /// Nil for a refund that has not ended.
        init?(_ refund: OrderRefund) {
            id = refund.id
            switch refund.state {
            case .pending: return nil
            case .completed(let at, let version, let orderStatus, let orderRefundedCents):
                status = "completed"
                self.at = at
                self.version = version
                self.orderStatus = orderStatus
                self.orderRefundedCents = orderRefundedCents
            case .abandoned(let at, let version):
                status = "abandoned"
                self.at = at
                self.version = version
                orderStatus = nil
                orderRefundedCents = nil
            }
        }
    }
}
