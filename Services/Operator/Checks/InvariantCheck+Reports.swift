import Contracts
import Foundation
import Messaging
import Postgres

extension InvariantCheck {
    /// Invariant 5 over Analytics: counters equal their facts, and the facts what happened elsewhere.
    static let reports = [
        InvariantCheck(
            5, "reports of occurrences equal their facts", in: .analytics,
            sql: """
                SELECT format('occurrence %s: sold %s of %s, refunded %s of %s, checked in %s of %s', occurrence_id,
                              coalesce(report.tickets_sold, 0), coalesce(sold.count, 0),
                              coalesce(report.tickets_refunded, 0), coalesce(refunded.count, 0),
                              coalesce(report.checked_in, 0), coalesce(admitted.count, 0))
                FROM occurrence_reports AS report
                FULL JOIN (SELECT occurrence_id, count(*) FROM sales GROUP BY occurrence_id) AS sold
                     USING (occurrence_id)
                FULL JOIN (SELECT occurrence_id, count(*) FROM admissions GROUP BY occurrence_id) AS admitted
                     USING (occurrence_id)
                FULL JOIN (SELECT occurrence_id, count(*) FROM ticket_refunds GROUP BY occurrence_id) AS refunded
                     USING (occurrence_id)
                WHERE coalesce(report.tickets_sold, 0) <> coalesce(sold.count, 0)
                   OR coalesce(report.tickets_refunded, 0) <> coalesce(refunded.count, 0)
                   OR coalesce(report.checked_in, 0) <> coalesce(admitted.count, 0)
                """),
        InvariantCheck(
            5, "reports of ticket types equal their facts", in: .analytics,
            sql: """
                SELECT format('occurrence %s, type %s: sold %s of %s, refunded %s of %s, checked in %s of %s',
                              occurrence_id, ticket_type_id, coalesce(report.tickets_sold, 0), coalesce(sold.count, 0),
                              coalesce(report.tickets_refunded, 0), coalesce(refunded.count, 0),
                              coalesce(report.checked_in, 0), coalesce(admitted.count, 0))
                FROM occurrence_type_reports AS report
                FULL JOIN (
                    SELECT occurrence_id, ticket_type_id, count(*) FROM sales GROUP BY occurrence_id, ticket_type_id
                ) AS sold USING (occurrence_id, ticket_type_id)
                FULL JOIN (
                    SELECT occurrence_id, ticket_type_id, count(*) FROM admissions WHERE ticket_type_id IS NOT NULL
                    GROUP BY occurrence_id, ticket_type_id
                ) AS admitted USING (occurrence_id, ticket_type_id)
                FULL JOIN (
                    SELECT occurrence_id, ticket_type_id, count(*) FROM ticket_refunds
                    GROUP BY occurrence_id, ticket_type_id
                ) AS refunded USING (occurrence_id, ticket_type_id)
                WHERE coalesce(report.tickets_sold, 0) <> coalesce(sold.count, 0)
                   OR coalesce(report.tickets_refunded, 0) <> coalesce(refunded.count, 0)
                   OR coalesce(report.checked_in, 0) <> coalesce(admitted.count, 0)
                """),
        InvariantCheck(
            5, "reported revenue equals the sales, and what is refunded of it the refunds", in: .analytics,
            sql: """
                SELECT format('occurrence %s, type %s: %s of %s %s, refunded %s of %s', occurrence_id, ticket_type_id,
                              coalesce(report.revenue_cents, 0), coalesce(sold.cents, 0), currency,
                              coalesce(report.refunded_cents, 0), coalesce(refunded.cents, 0))
                FROM occurrence_revenues AS report
                FULL JOIN (
                    SELECT occurrence_id, ticket_type_id, currency, sum(price_cents) AS cents
                    FROM sales GROUP BY occurrence_id, ticket_type_id, currency
                ) AS sold USING (occurrence_id, ticket_type_id, currency)
                FULL JOIN (
                    SELECT occurrence_id, ticket_type_id, currency, sum(amount_cents) AS cents
                    FROM ticket_refunds GROUP BY occurrence_id, ticket_type_id, currency
                ) AS refunded USING (occurrence_id, ticket_type_id, currency)
                WHERE coalesce(report.revenue_cents, 0) <> coalesce(sold.cents, 0)
                   OR coalesce(report.refunded_cents, 0) <> coalesce(refunded.cents, 0)
                """),
        InvariantCheck(5, "every sold ticket is reported as it was sold", find: unreportedSales),
        InvariantCheck(5, "every reported sale is a sold ticket", find: inventedSales),
        InvariantCheck(5, "every first admission is reported", find: unreportedAdmissions),
        InvariantCheck(5, "every reported admission is an admitted ticket", find: inventedAdmissions),
    ]

    /// A sold ticket as Ticketing and Analytics both know it.
    private struct SoldTicket: Sendable, Equatable {
        let id: UUID
        let organizationID: UUID
        let orderID: UUID
        let occurrenceID: UUID
        let ticketTypeID: UUID
        let priceCents: Int
        let currency: String

        var text: String {
            "ticket \(id.text) of organisation \(organizationID.text), order \(orderID.text), occurrence "
                + "\(occurrenceID.text), type \(ticketTypeID.text), at \(priceCents) \(currency)"
        }

        static func read(_ rows: PostgresRows) throws -> [SoldTicket] {
            try rows.decode((UUID, UUID, UUID, UUID, UUID, Int, String).self).map {
                SoldTicket(
                    id: $0, organizationID: $1, orderID: $2, occurrenceID: $3, ticketTypeID: $4, priceCents: $5,
                    currency: $6)
            }
        }
    }

    @Sendable private static func unreportedSales(_ scope: CheckScope) async throws -> [String] {
        try await scope.pages(of: .ticketing, id: \.id) { client, last in
            try await SoldTicket.read(
                client.query(
                    """
                    SELECT id, organization_id, order_id, event_occurrence_id, ticket_type_id, price_paid_cents,
                           currency
                    FROM tickets WHERE confirmed_at < \(scope.settledBefore) AND id > \(last)
                    ORDER BY id LIMIT \(CheckScope.pageSize)
                    """))
        } judge: { sold in
            let reported = try await SoldTicket.read(
                scope.client(.analytics).query(
                    """
                    SELECT ticket_id, organization_id, order_id, occurrence_id, ticket_type_id, price_cents, currency
                    FROM sales WHERE ticket_id = ANY(\(sold.map(\.id)))
                    """))
            let reportedByID = Dictionary(uniqueKeysWithValues: reported.map { ($0.id, $0) })
            return sold.compactMap { ticket in
                guard let report = reportedByID[ticket.id] else { return "\(ticket.text): not reported" }
                return report == ticket ? nil : "\(ticket.text): reported as \(report.text)"
            }
        }
    }

    @Sendable private static func inventedSales(_ scope: CheckScope) async throws -> [String] {
        try await scope.unmatched(
            in: .analytics,
            { last in
                "SELECT ticket_id FROM sales WHERE ticket_id > \(last) ORDER BY ticket_id LIMIT \(CheckScope.pageSize)"
            }, of: .ticketing, { ids in "SELECT id FROM tickets WHERE confirmed_at IS NOT NULL AND id = ANY(\(ids))" })
    }

    @Sendable private static func unreportedAdmissions(_ scope: CheckScope) async throws -> [String] {
        try await scope.unmatched(
            in: .scanning, { scope.admittedTickets(after: $0) }, of: .analytics,
            { ids in "SELECT ticket_id FROM admissions WHERE ticket_id = ANY(\(ids))" })
    }

    @Sendable private static func inventedAdmissions(_ scope: CheckScope) async throws -> [String] {
        try await scope.unmatched(
            in: .analytics,
            { last in
                """
                SELECT ticket_id FROM admissions WHERE ticket_id > \(last)
                ORDER BY ticket_id LIMIT \(CheckScope.pageSize)
                """
            }, of: .scanning, { ids in "SELECT id FROM tickets WHERE movements > 0 AND id = ANY(\(ids))" })
    }
}
