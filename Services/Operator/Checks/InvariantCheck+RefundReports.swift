import Contracts
import Foundation
import Messaging
import Postgres

extension InvariantCheck {
    /// Invariant 5 over the refunds in Analytics: counters equal their facts, and the facts what Ticketing refunded.
    static let refundReports = [
        InvariantCheck(
            5, "reported refunds equal their facts", in: .analytics,
            sql: """
                SELECT format('occurrence %s: %s of %s %s', occurrence_id, coalesce(report.refunded_cents, 0),
                              coalesce(refund.cents, 0), currency)
                FROM occurrence_refunds AS report
                FULL JOIN (
                    SELECT occurrence_id, currency, sum(amount_cents) AS cents FROM refunds
                    GROUP BY occurrence_id, currency
                ) AS refund USING (occurrence_id, currency)
                WHERE coalesce(report.refunded_cents, 0) <> coalesce(refund.cents, 0)
                """),
        InvariantCheck(
            5, "a reported refund of tickets is the sum of them", in: .analytics,
            sql: """
                SELECT format('refund %s of %s %s: its tickets have %s', refund.refund_id, refund.amount_cents,
                              refund.currency, ticket.cents)
                FROM (SELECT refund_id, sum(amount_cents) AS cents FROM ticket_refunds GROUP BY refund_id) AS ticket
                JOIN refunds AS refund ON refund.refund_id = ticket.refund_id
                WHERE refund.amount_cents <> ticket.cents
                """),
        InvariantCheck(5, "every refund is reported as it was made", find: unreportedRefunds),
        InvariantCheck(5, "every reported refund was made", find: inventedRefunds),
        InvariantCheck(5, "every refunded ticket is reported as it was refunded", find: unreportedTickets),
        InvariantCheck(5, "every ticket that is reported as refunded is refunded", find: inventedTickets),
    ]

    /// A completed refund as Ticketing and Analytics both know it.
    private struct MadeRefund: Sendable, Equatable {
        let id: UUID
        let organizationID: UUID
        let orderID: UUID
        let occurrenceID: UUID
        let amountCents: Int
        let currency: String
        let cause: String

        var text: String {
            "refund \(id.text) of organisation \(organizationID.text), order \(orderID.text), occurrence "
                + "\(occurrenceID.text), of \(amountCents) \(currency) (\(cause))"
        }

        static func read(_ rows: PostgresRows) throws -> [MadeRefund] {
            try rows.decode((UUID, UUID, UUID, UUID, Int, String, String).self).map {
                MadeRefund(
                    id: $0, organizationID: $1, orderID: $2, occurrenceID: $3, amountCents: $4, currency: $5,
                    cause: $6)
            }
        }
    }

    @Sendable private static func unreportedRefunds(_ scope: CheckScope) async throws -> [String] {
        try await scope.pages(of: .ticketing, id: \.id) { client, last in
            try await MadeRefund.read(
                client.query(
                    """
                    SELECT refund.id, refund.organization_id, refund.order_id, orders.event_occurrence_id,
                           refund.amount_cents, refund.currency, refund.cause
                    FROM order_refunds AS refund JOIN orders ON orders.id = refund.order_id
                    WHERE refund.status = 'completed' AND refund.ended_at < \(scope.settledBefore)
                    AND refund.id > \(last) ORDER BY refund.id LIMIT \(CheckScope.pageSize)
                    """))
        } judge: { made in
            let reported = try await MadeRefund.read(
                scope.client(.analytics).query(
                    """
                    SELECT refund_id, organization_id, order_id, occurrence_id, amount_cents, currency, cause
                    FROM refunds WHERE refund_id = ANY(\(made.map(\.id)))
                    """))
            let reportedByID = Dictionary(uniqueKeysWithValues: reported.map { ($0.id, $0) })
            return made.compactMap { refund in
                guard let report = reportedByID[refund.id] else { return "\(refund.text): not reported" }
                return report == refund ? nil : "\(refund.text): reported as \(report.text)"
            }
        }
    }

    @Sendable private static func inventedRefunds(_ scope: CheckScope) async throws -> [String] {
        try await scope.unmatched(
            "refund", in: .analytics,
            { last in
                """
                SELECT refund_id FROM refunds WHERE refund_id > \(last)
                ORDER BY refund_id LIMIT \(CheckScope.pageSize)
                """
            }, of: .ticketing,
            { ids in "SELECT id FROM order_refunds WHERE status = 'completed' AND id = ANY(\(ids))" })
    }

    /// A refunded ticket as Ticketing and Analytics both know it.
    private struct RefundedTicket: Sendable, Equatable {
        let id: UUID
        let refundID: UUID
        let occurrenceID: UUID
        let ticketTypeID: UUID
        let amountCents: Int
        let currency: String

        var text: String {
            "ticket \(id.text) of type \(ticketTypeID.text), occurrence \(occurrenceID.text), \(amountCents) \(currency) "
                + "in refund \(refundID.text)"
        }

        static func read(_ rows: PostgresRows) throws -> [RefundedTicket] {
            try rows.decode((UUID, UUID, UUID, UUID, Int, String).self).map {
                RefundedTicket(
                    id: $0, refundID: $1, occurrenceID: $2, ticketTypeID: $3, amountCents: $4, currency: $5)
            }
        }
    }

    @Sendable private static func unreportedTickets(_ scope: CheckScope) async throws -> [String] {
        try await scope.pages(of: .ticketing, id: \.id) { client, last in
            try await RefundedTicket.read(
                client.query(
                    """
                    SELECT ticket.id, refund.id, ticket.event_occurrence_id, ticket.ticket_type_id,
                           ticket.refund_amount_cents, ticket.currency
                    FROM tickets AS ticket JOIN order_refunds AS refund ON refund.id = ticket.refund_id
                    WHERE ticket.status = 'refunded' AND refund.ended_at < \(scope.settledBefore)
                    AND ticket.id > \(last) ORDER BY ticket.id LIMIT \(CheckScope.pageSize)
                    """))
        } judge: { refunded in
            let reported = try await RefundedTicket.read(
                scope.client(.analytics).query(
                    """
                    SELECT ticket_id, refund_id, occurrence_id, ticket_type_id, amount_cents, currency
                    FROM ticket_refunds WHERE ticket_id = ANY(\(refunded.map(\.id)))
                    """))
            let reportedByID = Dictionary(uniqueKeysWithValues: reported.map { ($0.id, $0) })
            return refunded.compactMap { ticket in
                guard let report = reportedByID[ticket.id] else { return "\(ticket.text): not reported" }
                return report == ticket ? nil : "\(ticket.text): reported as \(report.text)"
            }
        }
    }

    @Sendable private static func inventedTickets(_ scope: CheckScope) async throws -> [String] {
        try await scope.unmatched(
            in: .analytics,
            { last in
                """
                SELECT ticket_id FROM ticket_refunds WHERE ticket_id > \(last)
                ORDER BY ticket_id LIMIT \(CheckScope.pageSize)
                """
            }, of: .ticketing, { ids in "SELECT id FROM tickets WHERE status = 'refunded' AND id = ANY(\(ids))" })
    }
}
