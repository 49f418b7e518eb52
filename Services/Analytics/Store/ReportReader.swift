import Contracts
import Messaging
import Postgres

/// Reads reports of one organisation.
struct ReportReader {
    let transaction: PostgresTransaction
    let organizationID: OrganizationID

    /// The report of an occurrence; all zeros before its first sale, nil when the organisation has no such occurrence.
    ///
    /// Sold are the tickets that were sold and not refunded; while the news of a refund is ahead of that of its sale, they
    /// are not fewer than none. Revenue is what was paid, refunds are beside it: the difference is what is left.
    func report(of occurrenceID: OccurrenceID) throws -> OccurrenceReport? {
        guard
            let (ticketsSold, checkedIn) = try transaction.query(
                """
                SELECT greatest(coalesce(report.tickets_sold - report.tickets_refunded, 0), 0),
                    coalesce(report.checked_in, 0)
                FROM (VALUES (\(occurrenceID))) AS wanted (id)
                LEFT JOIN occurrences AS occurrence
                    ON occurrence.id = wanted.id AND occurrence.organization_id = \(organizationID)
                LEFT JOIN occurrence_reports AS report
                    ON report.occurrence_id = wanted.id AND report.organization_id = \(organizationID)
                WHERE occurrence.id IS NOT NULL OR report.occurrence_id IS NOT NULL
                """
            ).decodeFirst((Int, Int).self)
        else { return nil }
        let money = try mainCurrency(of: occurrenceID)
        return OccurrenceReport(
            occurrenceID: occurrenceID, ticketsSold: ticketsSold, revenueCents: money?.revenueCents ?? 0,
            refundedCents: money?.refundedCents ?? 0, currency: money?.currency, checkedIn: checkedIn,
            byTicketType: try types(of: occurrenceID, currency: money?.currency))
    }

    /// The currency that took the most money. A report speaks of one currency, since amounts of different ones cannot
    /// be added up; an occurrence practically always has one.
    private func mainCurrency(
        of occurrenceID: OccurrenceID
    ) throws -> (currency: Currency, revenueCents: Int, refundedCents: Int)? {
        try transaction.query(
            """
            SELECT currency, sum(revenue_cents)::bigint, sum(refunded_cents)::bigint
            FROM (
                SELECT currency, revenue_cents, 0 AS refunded_cents FROM occurrence_revenues
                WHERE occurrence_id = \(occurrenceID) AND organization_id = \(organizationID)
                UNION ALL
                SELECT currency, 0, refunded_cents FROM occurrence_refunds
                WHERE occurrence_id = \(occurrenceID) AND organization_id = \(organizationID)
            ) AS money
            GROUP BY currency
            ORDER BY 2 DESC, 3 DESC, 1
            LIMIT 1
            """
        ).decodeFirst((Currency, Int, Int).self)
    }

    /// Every ticket type of the occurrence's event, sold or not.
    private func types(of occurrenceID: OccurrenceID, currency: Currency?) throws -> [TicketTypeReport] {
        let rows = try transaction.query(
            """
            SELECT ids.id, coalesce(type.name, report.name, ''),
                greatest(coalesce(report.tickets_sold - report.tickets_refunded, 0), 0),
                coalesce(revenue.revenue_cents, 0), coalesce(revenue.refunded_cents, 0), coalesce(report.checked_in, 0)
            FROM (
                SELECT ticket_type_id AS id FROM occurrence_type_reports
                WHERE occurrence_id = \(occurrenceID) AND organization_id = \(organizationID)
                UNION
                SELECT type.id
                FROM ticket_types AS type JOIN occurrences AS occurrence USING (event_id, organization_id)
                WHERE occurrence.id = \(occurrenceID) AND occurrence.organization_id = \(organizationID)
            ) AS ids
            LEFT JOIN ticket_types AS type ON type.id = ids.id AND type.organization_id = \(organizationID)
            LEFT JOIN occurrence_type_reports AS report
                ON report.ticket_type_id = ids.id AND report.occurrence_id = \(occurrenceID)
                AND report.organization_id = \(organizationID)
            LEFT JOIN occurrence_revenues AS revenue
                ON revenue.ticket_type_id = ids.id AND revenue.occurrence_id = \(occurrenceID)
                AND revenue.currency = \(currency) AND revenue.organization_id = \(organizationID)
            ORDER BY ids.id
            """)
        return try rows.decode((TicketTypeID, String, Int, Int, Int, Int).self).map {
            TicketTypeReport(
                ticketTypeID: $0, name: $1, ticketsSold: $2, revenueCents: $3, refundedCents: $4, checkedIn: $5)
        }
    }
}
