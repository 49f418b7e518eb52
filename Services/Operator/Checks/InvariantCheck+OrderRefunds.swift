import Contracts
import Foundation
import Messaging
import Postgres

extension InvariantCheck {
    /// Invariants 2 and 5 over the refunds of orders, inside Ticketing and against Payments.
    static let orderRefunds = [
        InvariantCheck(
            5, "what an order gives back is the sum of its refunds", in: .ticketing,
            sql: """
                SELECT format('order %s: going back %s of %s, gone back %s of %s', orders.id, orders.refunding_cents,
                              coalesce(refund.refunding, 0), orders.refunded_cents, coalesce(refund.refunded, 0))
                FROM orders
                LEFT JOIN (
                    SELECT order_id, sum(amount_cents) FILTER (WHERE status = 'completed') AS refunded,
                           sum(amount_cents) FILTER (WHERE status = 'pending') AS refunding
                    FROM order_refunds GROUP BY order_id
                ) AS refund ON refund.order_id = orders.id
                WHERE orders.refunding_cents <> coalesce(refund.refunding, 0)
                   OR orders.refunded_cents <> coalesce(refund.refunded, 0)
                """),
        InvariantCheck(
            5, "an order is refunded as far as its refunds have come", in: .ticketing,
            sql: """
                SELECT format('order %s is %s: %s refunds, %s of %s back, %s of %s tickets', orders.id, orders.status,
                              coalesce(refund.count, 0), orders.refunded_cents, orders.total_cents, ticket.refunded,
                              ticket.count)
                FROM orders
                JOIN (
                    SELECT order_id, count(*), count(*) FILTER (WHERE status = 'refunded') AS refunded
                    FROM tickets GROUP BY order_id
                ) AS ticket ON ticket.order_id = orders.id
                LEFT JOIN (
                    SELECT order_id, count(*) FROM order_refunds WHERE status = 'completed' GROUP BY order_id
                ) AS refund ON refund.order_id = orders.id
                WHERE orders.completed_at IS NOT NULL
                  AND orders.status <> CASE
                      WHEN refund.count IS NULL THEN 'completed'
                      WHEN orders.refunded_cents = orders.total_cents AND ticket.refunded = ticket.count THEN 'refunded'
                      ELSE 'partially_refunded' END
                """),
        InvariantCheck(
            2, "a ticket is in the refund that took it back, and in no other", in: .ticketing,
            sql: """
                SELECT format('ticket %s is %s in refund %s; refund %s is %s', coalesce(ticket.id, taken.ticket_id),
                              coalesce(ticket.status, 'unknown'), coalesce(ticket.refund_id::text, '-'),
                              coalesce(taken.refund_id::text, '-'), coalesce(taken.status, '-'))
                FROM (
                    SELECT id AS refund_id, order_id, status, unnest(ticket_ids) AS ticket_id
                    FROM order_refunds WHERE status <> 'abandoned'
                ) AS taken
                FULL JOIN (SELECT * FROM tickets WHERE refund_id IS NOT NULL OR status = 'refunded') AS ticket
                     ON ticket.id = taken.ticket_id AND ticket.refund_id = taken.refund_id
                     AND ticket.order_id = taken.order_id
                WHERE ticket.id IS NULL OR taken.ticket_id IS NULL
                   OR (ticket.status = 'refunded') <> (taken.status = 'completed')
                """),
        InvariantCheck(
            5, "the tickets of a refund share its money out", in: .ticketing,
            sql: """
                SELECT format('refund %s of %s: its tickets have %s', refund.id, refund.amount_cents,
                              coalesce(sum(ticket.refund_amount_cents), 0))
                FROM order_refunds AS refund LEFT JOIN tickets AS ticket ON ticket.refund_id = refund.id
                WHERE refund.status = 'completed' AND refund.takes_tickets
                GROUP BY refund.id, refund.amount_cents
                HAVING coalesce(sum(ticket.refund_amount_cents), 0) <> refund.amount_cents
                """),
        InvariantCheck(
            5, "refunds number their order's versions", in: .ticketing,
            sql: """
                SELECT format('order %s is at version %s: its refunds have made %s steps, the last of them %s',
                              orders.id, orders.refund_version, coalesce(step.count, 0), coalesce(step.newest, 0))
                FROM orders
                LEFT JOIN (
                    SELECT order_id, count(DISTINCT version) AS count, max(version) AS newest
                    FROM (
                        SELECT order_id, prepared_version AS version FROM order_refunds
                        UNION ALL
                        SELECT order_id, ended_version FROM order_refunds WHERE ended_version IS NOT NULL
                    ) AS refund GROUP BY order_id
                ) AS step ON step.order_id = orders.id
                WHERE orders.refund_version <> coalesce(step.count, 0)
                   OR orders.refund_version <> coalesce(step.newest, 0)
                """),
        InvariantCheck(2, "every order that was refunded got its money back once", find: ordersWithoutReturn),
        InvariantCheck(2, "every refund of an order's charge ends in the order", find: returnsWithoutOrder),
    ]

    private struct OrderRefund: Sendable {
        let id: UUID
        let orderID: UUID
        let chargeID: UUID?
        let amountCents: Int
        let currency: String
    }

    @Sendable private static func ordersWithoutReturn(_ scope: CheckScope) async throws -> [String] {
        try await scope.pages(of: .ticketing, id: \.id) { client, last in
            // The money comes first, so that a completed refund needs no grace.
            try await client.query(
                """
                SELECT refund.id, refund.order_id, orders.charge_id, refund.amount_cents, refund.currency
                FROM order_refunds AS refund JOIN orders ON orders.id = refund.order_id
                WHERE refund.status = 'completed' AND refund.amount_cents > 0 AND refund.id > \(last)
                ORDER BY refund.id LIMIT \(CheckScope.pageSize)
                """
            ).decode((UUID, UUID, UUID?, Int, String).self).map {
                OrderRefund(id: $0, orderID: $1, chargeID: $2, amountCents: $3, currency: $4)
            }
        } judge: { refunds in
            let returns = try await scope.client(.payments).query(
                """
                SELECT id, charge_id, order_id, amount_cents, currency, status FROM refunds
                WHERE id = ANY(\(refunds.map(\.id)))
                """
            ).decode((UUID, UUID, UUID, Int, String, String).self)
            let returnByID = Dictionary(uniqueKeysWithValues: returns.map { ($0.0, $0) })
            return refunds.compactMap { refund in
                let completed =
                    "refund \(refund.id.text) of \(refund.amountCents) \(refund.currency), order "
                    + "\(refund.orderID.text), is completed"
                guard let made = returnByID[refund.id] else { return "\(completed), Payments has none" }
                let (_, chargeID, orderID, cents, currency, status) = made
                if status == "succeeded", chargeID == refund.chargeID, orderID == refund.orderID,
                    cents == refund.amountCents, currency == refund.currency
                {
                    return nil
                }
                return "\(completed), in Payments it is \(status): \(cents) \(currency) of charge \(chargeID.text), "
                    + "order \(orderID.text)"
            }
        }
    }

    private struct EndedReturn: Sendable {
        let id: UUID
        let orderID: UUID
        let chargeID: UUID
        let status: String

        /// - Parameters:
        ///   - refund: how the refund stands with its order.
        ///   - isKnown: whether an operator was told of it.
        func problem(_ refund: String?, isKnown: Bool) -> String? {
            switch (status, refund) {
            case ("succeeded", "completed"), ("failed", "abandoned"): return nil
            // The saga goes on asking, and calls an operator: the tickets do not admit meanwhile.
            case (_, "pending") where isKnown: return nil
            default: break
            }
            return "refund \(id.text) of charge \(chargeID.text) is \(status), with order \(orderID.text) it is "
                + (refund ?? "missing")
        }
    }

    @Sendable private static func returnsWithoutOrder(_ scope: CheckScope) async throws -> [String] {
        try await scope.pages(of: .payments, id: \.id) { client, last in
            try await client.query(
                """
                SELECT id, order_id, charge_id, status FROM refunds
                WHERE purpose = 'order' AND status IN ('succeeded', 'failed')
                AND updated_at < \(scope.settledBefore) AND id > \(last) ORDER BY id LIMIT \(CheckScope.pageSize)
                """
            ).decode((UUID, UUID, UUID, String).self).map {
                EndedReturn(id: $0, orderID: $1, chargeID: $2, status: $3)
            }
        } judge: { returns in
            let refunds = try await scope.client(.ticketing).query(
                "SELECT id, status FROM order_refunds WHERE id = ANY(\(returns.map(\.id)))"
            ).decode((UUID, String).self)
            let statuses = Dictionary(uniqueKeysWithValues: refunds.map { ($0, $1) })
            let known = try await scope.sagasWithIncident(.refund, among: returns.map(\.id))
            return returns.compactMap { $0.problem(statuses[$0.id], isKnown: known.contains($0.id)) }
        }
    }
}
