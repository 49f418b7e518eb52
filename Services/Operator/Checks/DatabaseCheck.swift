import Postgres

/// A check inside one database: a statement that returns one text for each violation.
struct DatabaseCheck: Sendable {
    let invariant: Int
    let name: String
    let sql: String

    /// More violations than this of one kind tell nothing new.
    static let limit = 100

    func run(on client: PostgresClient) async throws -> [Violation] {
        let rows = try await client.query(
            "SELECT detail FROM (\(unescaped: sql)) AS violation (detail) LIMIT \(Self.limit)")
        return try rows.decode(String.self).map { Violation(invariant: invariant, check: name, detail: $0) }
    }

    static let all: [(OperatorEnvironment.Database, [DatabaseCheck])] = [
        (.ticketing, ticketing), (.payments, payments), (.scanning, scanning), (.sandboxProvider, sandbox),
        (.notifications, runtime), (.analytics, runtime), (.coordinator, runtime), (.gateway, runtime),
    ]

    private static let ticketing =
        [
            DatabaseCheck(
                invariant: 1, name: "live tickets fit the capacity of their pool",
                sql: """
                    SELECT format('occurrence %s, type %s: %s live tickets, capacity %s', pool.occurrence_id,
                                  coalesce(pool.ticket_type_id::text, 'all'), count(ticket.id), pool.capacity)
                    FROM inventory_pools AS pool
                    JOIN tickets AS ticket ON ticket.event_occurrence_id = pool.occurrence_id
                         AND (pool.ticket_type_id IS NULL OR ticket.ticket_type_id = pool.ticket_type_id)
                         AND ticket.status IN ('reserved', 'confirmed', 'checked_in')
                    WHERE pool.capacity IS NOT NULL
                    GROUP BY pool.occurrence_id, pool.ticket_type_id, pool.capacity
                    HAVING count(ticket.id) > pool.capacity
                    """),
            DatabaseCheck(
                invariant: 5, name: "pool counters equal the tickets they summarise",
                sql: """
                    SELECT format('occurrence %s, type %s: reserved %s of %s, sold %s of %s', pool.occurrence_id,
                                  coalesce(pool.ticket_type_id::text, 'all'), pool.reserved, counted.reserved, pool.sold,
                                  counted.sold)
                    FROM inventory_pools AS pool
                    CROSS JOIN LATERAL (
                        SELECT count(*) FILTER (WHERE ticket.status = 'reserved') AS reserved,
                               count(*) FILTER (WHERE ticket.status IN ('confirmed', 'checked_in')) AS sold
                        FROM tickets AS ticket
                        WHERE ticket.event_occurrence_id = pool.occurrence_id
                          AND (pool.ticket_type_id IS NULL OR ticket.ticket_type_id = pool.ticket_type_id)
                    ) AS counted
                    WHERE pool.reserved <> counted.reserved OR pool.sold <> counted.sold
                    """),
            DatabaseCheck(
                invariant: 5, name: "an order's total is the sum of its tickets",
                sql: """
                    SELECT format('order %s: total %s, tickets %s', orders.id, orders.total_cents,
                                  coalesce(sum(tickets.price_paid_cents), 0))
                    FROM orders LEFT JOIN tickets ON tickets.order_id = orders.id
                    WHERE orders.status IN ('reserved', 'completed')
                    GROUP BY orders.id, orders.total_cents
                    HAVING orders.total_cents <> coalesce(sum(tickets.price_paid_cents), 0)
                    """),
            DatabaseCheck(
                invariant: 3, name: "tickets stand as their order stands",
                sql: """
                    SELECT format('ticket %s is %s, its order %s is %s', tickets.id, tickets.status, orders.id, orders.status)
                    FROM tickets JOIN orders ON orders.id = tickets.order_id
                    WHERE (orders.status = 'completed' AND tickets.status NOT IN ('confirmed', 'checked_in'))
                       OR (orders.status = 'reserved' AND tickets.status <> 'reserved')
                       OR (orders.status IN ('expired', 'canceled')
                           AND tickets.status IN ('reserved', 'confirmed', 'checked_in'))
                    """),
            DatabaseCheck(
                invariant: 7, name: "tickets, orders and occurrences are of one organisation",
                sql: """
                    SELECT format('ticket %s of organisation %s', tickets.id, tickets.organization_id)
                    FROM tickets
                    JOIN orders ON orders.id = tickets.order_id
                    JOIN event_occurrences AS occurrence ON occurrence.id = tickets.event_occurrence_id
                    WHERE tickets.organization_id <> orders.organization_id
                       OR tickets.organization_id <> occurrence.organization_id
                    """),
        ] + runtime

    private static let payments =
        [
            DatabaseCheck(
                invariant: 4, name: "every journal entry sums to zero per currency",
                sql: """
                    SELECT format('entry %s: %s %s', entry_id, sum(amount_cents), currency)
                    FROM journal_lines GROUP BY entry_id, currency HAVING sum(amount_cents) <> 0
                    """),
            DatabaseCheck(
                invariant: 4, name: "every journal entry has at least two lines",
                sql: """
                    SELECT format('entry %s has %s lines', entry.id, count(line.entry_id))
                    FROM journal_entries AS entry LEFT JOIN journal_lines AS line ON line.entry_id = entry.id
                    GROUP BY entry.id HAVING count(line.entry_id) < 2
                    """),
            DatabaseCheck(
                invariant: 4, name: "every captured charge is in the ledger once, in full",
                sql: """
                    SELECT format('charge %s of %s: ledger has %s', charge.id, charge.amount_cents,
                                  coalesce(sum(line.amount_cents) FILTER (WHERE line.amount_cents > 0), 0))
                    FROM transactions AS charge
                    LEFT JOIN journal_entries AS entry
                         ON entry.charge_id = charge.id AND entry.kind = 'charge_captured'
                    LEFT JOIN journal_lines AS line ON line.entry_id = entry.id
                    WHERE charge.status = 'succeeded'
                    GROUP BY charge.id, charge.amount_cents
                    HAVING coalesce(sum(line.amount_cents) FILTER (WHERE line.amount_cents > 0), 0) <> charge.amount_cents
                    """),
            DatabaseCheck(
                invariant: 4, name: "the ledger has no capture that no charge made",
                sql: """
                    SELECT format('entry %s, charge %s', entry.id, entry.charge_id)
                    FROM journal_entries AS entry
                    LEFT JOIN transactions AS charge ON charge.id = entry.charge_id AND charge.status = 'succeeded'
                    WHERE entry.kind = 'charge_captured' AND charge.id IS NULL
                    """),
            DatabaseCheck(
                invariant: 7, name: "journal lines are of their account's organisation",
                sql: """
                    SELECT format('entry %s', line.entry_id)
                    FROM journal_lines AS line
                    JOIN journal_entries AS entry ON entry.id = line.entry_id
                    JOIN ledger_accounts AS account ON account.id = line.account_id
                    WHERE entry.organization_id <> account.organization_id
                    """),
        ] + runtime

    private static let scanning =
        [
            DatabaseCheck(
                invariant: 6, name: "no ticket is admitted twice without an exit",
                sql: """
                    SELECT format('ticket %s, movement %s', ticket_id, sequence)
                    FROM (
                        SELECT ticket_id, sequence, direction,
                               lag(direction) OVER (PARTITION BY ticket_id ORDER BY sequence) AS before
                        FROM in_out_events
                    ) AS movement
                    WHERE direction = before OR (before IS NULL AND direction = 'out')
                    """),
            DatabaseCheck(
                invariant: 6, name: "every admission and exit is a movement, and every movement a scan",
                sql: """
                    SELECT format('scan %s (%s)', scan.id, scan.result)
                    FROM scans AS scan
                    LEFT JOIN in_out_events AS movement
                         ON movement.organization_id = scan.organization_id AND movement.scan_id = scan.id
                    WHERE (scan.result IN ('admitted', 'exited')) <> (movement.scan_id IS NOT NULL)
                    """),
            DatabaseCheck(
                invariant: 6, name: "no ticket is admitted to another occurrence",
                sql: """
                    SELECT format('scan %s: ticket of occurrence %s at occurrence %s', scan.id, ticket.occurrence_id,
                                  scan.occurrence_id)
                    FROM scans AS scan JOIN tickets AS ticket ON ticket.id = scan.ticket_id
                    WHERE scan.result = 'admitted' AND scan.occurrence_id <> ticket.occurrence_id
                    """),
            DatabaseCheck(
                invariant: 7, name: "scans are of their ticket's organisation",
                sql: """
                    SELECT format('scan %s', scan.id)
                    FROM scans AS scan JOIN tickets AS ticket ON ticket.id = scan.ticket_id
                    WHERE scan.organization_id <> ticket.organization_id
                    """),
        ] + runtime

    private static let sandbox = [
        DatabaseCheck(
            invariant: 2, name: "the sandbox never refunded more than it captured",
            sql: """
                SELECT format('capture %s: %s of %s', capture.reference, sum(refund.amount_cents), capture.amount_cents)
                FROM captures AS capture JOIN refunds AS refund ON refund.capture_key = capture.idempotency_key
                GROUP BY capture.reference, capture.amount_cents
                HAVING sum(refund.amount_cents) > capture.amount_cents
                """)
    ]

    /// What holds for every service's plumbing.
    private static let runtime = [
        DatabaseCheck(
            invariant: 8, name: "no message is stuck in the outbox",
            sql: """
                SELECT format('%s %s, due since %s', envelope->>'type', id, due_at)
                FROM outbox WHERE due_at < now() - interval '5 minutes'
                """),
        DatabaseCheck(
            invariant: 8, name: "no job is overdue",
            sql: """
                SELECT format('%s %s, due since %s: %s', kind, id, due_at, coalesce(last_error, '-'))
                FROM jobs WHERE due_at < now() - interval '10 minutes'
                """),
    ]
}
