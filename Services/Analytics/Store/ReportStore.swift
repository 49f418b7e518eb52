import Contracts
import Messaging
import Postgres

/// The facts `sales`, `admissions`, `refunds` and `ticket_refunds`, and the counters that sum them up.
///
/// A fact is inserted at most once, and only the rows that an insert returns are counted, in the same statement: a
/// repeated event counts nothing. Batches first lock the reports of their occurrences in the order of ids, so that a
/// sale and an admission of the same ticket never pass each other unseen. Sales and refunds are counted apart, so that
/// each may come first.
struct ReportStore {
    let transaction: PostgresTransaction

    func add(_ sales: [Sale]) throws {
        guard !sales.isEmpty else { return }
        try lock(sales.map { ($0.order.occurrenceID, $0.organizationID) })
        try transaction.write(
            """
            WITH fresh AS (
                INSERT INTO sales
                    (ticket_id, organization_id, order_id, occurrence_id, ticket_type_id, price_cents, currency,
                    sold_at)
                SELECT * FROM unnest(
                    \(sales.map(\.ticket.id)), \(sales.map(\.organizationID)), \(sales.map(\.order.orderID)),
                    \(sales.map(\.order.occurrenceID)), \(sales.map(\.ticket.ticketTypeID)),
                    \(sales.map(\.ticket.priceCents)), \(sales.map(\.order.currency.rawValue)),
                    \(sales.map(\.order.completedAt)))
                ON CONFLICT (ticket_id) DO NOTHING
                RETURNING *
            ), named AS (
                SELECT DISTINCT ON (occurrence_id, ticket_type_id) * FROM unnest(
                    \(sales.map(\.order.occurrenceID)), \(sales.map(\.ticket.ticketTypeID)),
                    \(sales.map(\.ticket.ticketTypeName)))
                    AS named (occurrence_id, ticket_type_id, name)
            ), occurrence_counters AS (
                UPDATE occurrence_reports AS report SET tickets_sold = report.tickets_sold + counted.tickets
                FROM (SELECT occurrence_id, count(*) AS tickets FROM fresh GROUP BY occurrence_id) AS counted
                WHERE report.occurrence_id = counted.occurrence_id
            ), type_counters AS (
                INSERT INTO occurrence_type_reports AS report
                    (occurrence_id, ticket_type_id, organization_id, name, tickets_sold)
                SELECT occurrence_id, ticket_type_id, organization_id, name, count(*)
                FROM fresh JOIN named USING (occurrence_id, ticket_type_id)
                GROUP BY occurrence_id, ticket_type_id, organization_id, name
                ON CONFLICT (occurrence_id, ticket_type_id) DO UPDATE SET
                    name = excluded.name, tickets_sold = report.tickets_sold + excluded.tickets_sold
            )
            INSERT INTO occurrence_revenues AS revenue
                (occurrence_id, ticket_type_id, currency, organization_id, revenue_cents)
            SELECT occurrence_id, ticket_type_id, currency, organization_id, sum(price_cents)
            FROM fresh
            GROUP BY occurrence_id, ticket_type_id, currency, organization_id
            ON CONFLICT (occurrence_id, ticket_type_id, currency) DO UPDATE SET
                revenue_cents = revenue.revenue_cents + excluded.revenue_cents
            """)
        try classifyAdmissions(of: sales.map(\.ticket.id))
    }

    func add(_ admissions: [Admission]) throws {
        guard !admissions.isEmpty else { return }
        try lock(admissions.map { ($0.occurrenceID, $0.organizationID) })
        try transaction.write(
            """
            WITH fresh AS (
                INSERT INTO admissions
                    (ticket_id, organization_id, occurrence_id, ticket_type_id, scan_id, admitted_at)
                SELECT new.ticket_id, new.organization_id, new.occurrence_id,
                    coalesce(new.ticket_type_id, sales.ticket_type_id), new.scan_id, new.admitted_at
                FROM unnest(
                    \(admissions.map(\.ticketID)), \(admissions.map(\.organizationID)),
                    \(admissions.map(\.occurrenceID)), \(admissions.map(\.ticketTypeID)),
                    \(admissions.map(\.scanID)), \(admissions.map(\.admittedAt)))
                    AS new (ticket_id, organization_id, occurrence_id, ticket_type_id, scan_id, admitted_at)
                LEFT JOIN sales ON sales.ticket_id = new.ticket_id AND sales.organization_id = new.organization_id
                ON CONFLICT (ticket_id) DO NOTHING
                RETURNING *
            ), occurrence_counters AS (
                UPDATE occurrence_reports AS report SET checked_in = report.checked_in + counted.tickets
                FROM (SELECT occurrence_id, count(*) AS tickets FROM fresh GROUP BY occurrence_id) AS counted
                WHERE report.occurrence_id = counted.occurrence_id
            )
            INSERT INTO occurrence_type_reports AS report
                (occurrence_id, ticket_type_id, organization_id, checked_in)
            SELECT occurrence_id, ticket_type_id, organization_id, count(*)
            FROM fresh
            WHERE ticket_type_id IS NOT NULL
            GROUP BY occurrence_id, ticket_type_id, organization_id
            ON CONFLICT (occurrence_id, ticket_type_id) DO UPDATE SET
                checked_in = report.checked_in + excluded.checked_in
            """)
    }

    func add(_ refunds: [ReportedRefund]) throws {
        guard !refunds.isEmpty else { return }
        try lock(refunds.map { ($0.refund.occurrenceID, $0.organizationID) })
        let tickets = refunds.flatMap { reported in
            reported.refund.tickets.map { (reported.organizationID, reported.refund, $0) }
        }
        try transaction.write(
            """
            WITH fresh AS (
                INSERT INTO refunds
                    (refund_id, organization_id, order_id, occurrence_id, amount_cents, currency, cause, refunded_at)
                SELECT * FROM unnest(
                    \(refunds.map(\.refund.refundID)), \(refunds.map(\.organizationID)),
                    \(refunds.map(\.refund.orderID)), \(refunds.map(\.refund.occurrenceID)),
                    \(refunds.map(\.refund.amountCents)), \(refunds.map(\.refund.currency.rawValue)),
                    \(refunds.map(\.refund.cause.rawValue)), \(refunds.map(\.refund.refundedAt)))
                ON CONFLICT (refund_id) DO NOTHING
                RETURNING *
            ), fresh_tickets AS (
                INSERT INTO ticket_refunds
                    (ticket_id, refund_id, organization_id, occurrence_id, ticket_type_id, amount_cents, currency)
                SELECT * FROM unnest(
                    \(tickets.map(\.2.id)), \(tickets.map(\.1.refundID)), \(tickets.map(\.0)),
                    \(tickets.map(\.1.occurrenceID)), \(tickets.map(\.2.ticketTypeID)),
                    \(tickets.map(\.2.amountCents)), \(tickets.map(\.1.currency.rawValue)))
                ON CONFLICT (ticket_id) DO NOTHING
                RETURNING *
            ), money AS (
                INSERT INTO occurrence_refunds AS report (occurrence_id, currency, organization_id, refunded_cents)
                SELECT occurrence_id, currency, organization_id, sum(amount_cents)
                FROM fresh
                GROUP BY occurrence_id, currency, organization_id
                ON CONFLICT (occurrence_id, currency) DO UPDATE SET
                    refunded_cents = report.refunded_cents + excluded.refunded_cents
            ), occurrence_counters AS (
                UPDATE occurrence_reports AS report
                SET tickets_refunded = report.tickets_refunded + counted.tickets
                FROM (SELECT occurrence_id, count(*) AS tickets FROM fresh_tickets GROUP BY occurrence_id) AS counted
                WHERE report.occurrence_id = counted.occurrence_id
            ), type_counters AS (
                INSERT INTO occurrence_type_reports AS report
                    (occurrence_id, ticket_type_id, organization_id, tickets_refunded)
                SELECT occurrence_id, ticket_type_id, organization_id, count(*)
                FROM fresh_tickets
                GROUP BY occurrence_id, ticket_type_id, organization_id
                ON CONFLICT (occurrence_id, ticket_type_id) DO UPDATE SET
                    tickets_refunded = report.tickets_refunded + excluded.tickets_refunded
            )
            INSERT INTO occurrence_revenues AS revenue
                (occurrence_id, ticket_type_id, currency, organization_id, refunded_cents)
            SELECT occurrence_id, ticket_type_id, currency, organization_id, sum(amount_cents)
            FROM fresh_tickets
            GROUP BY occurrence_id, ticket_type_id, currency, organization_id
            ON CONFLICT (occurrence_id, ticket_type_id, currency) DO UPDATE SET
                refunded_cents = revenue.refunded_cents + excluded.refunded_cents
            """)
    }

    /// Counts admissions under their ticket types that came before their sales.
    private func classifyAdmissions(of ticketIDs: [TicketID]) throws {
        try transaction.write(
            """
            WITH classified AS (
                UPDATE admissions SET ticket_type_id = sales.ticket_type_id
                FROM sales
                WHERE admissions.ticket_id = ANY(\(ticketIDs)) AND admissions.ticket_type_id IS NULL
                    AND sales.ticket_id = admissions.ticket_id
                    AND sales.organization_id = admissions.organization_id
                RETURNING admissions.occurrence_id, admissions.ticket_type_id, admissions.organization_id
            )
            INSERT INTO occurrence_type_reports AS report
                (occurrence_id, ticket_type_id, organization_id, checked_in)
            SELECT occurrence_id, ticket_type_id, organization_id, count(*)
            FROM classified
            GROUP BY occurrence_id, ticket_type_id, organization_id
            ON CONFLICT (occurrence_id, ticket_type_id) DO UPDATE SET
                checked_in = report.checked_in + excluded.checked_in
            """)
    }

    /// Locks the reports of these occurrences, and creates those that are not there yet. `DO UPDATE … WHERE false`
    /// locks the row that is there without writing a new version of it.
    private func lock(_ occurrences: [(OccurrenceID, OrganizationID)]) throws {
        let owners = Dictionary(occurrences) { first, _ in first }
        try transaction.write(
            """
            INSERT INTO occurrence_reports (occurrence_id, organization_id)
            SELECT * FROM unnest(\(owners.map(\.key)), \(owners.map(\.value))) AS new (occurrence_id, organization_id)
            ORDER BY occurrence_id
            ON CONFLICT (occurrence_id) DO UPDATE SET occurrence_id = excluded.occurrence_id WHERE false
            """)
    }
}
