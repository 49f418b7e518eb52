extension InvariantCheck {
    /// Invariants 1 and 5 over the stock: what was given away fits what there was.
    static let stock = [
        InvariantCheck(
            1, "live tickets fit the capacity of their pool", in: .ticketing,
            sql: liveTickets + """
                SELECT format('occurrence %s, type %s: %s live tickets, capacity %s', pool.occurrence_id,
                              coalesce(pool.ticket_type_id::text, 'all'), live.reserved + live.sold, pool.capacity)
                FROM inventory_pools AS pool
                JOIN live ON live.occurrence_id = pool.occurrence_id AND live.type_key = \(typeKey("pool"))
                WHERE live.reserved + live.sold > pool.capacity
                """),
        InvariantCheck(
            1, "every live ticket is counted by its pools", in: .ticketing,
            sql: liveTickets + """
                SELECT format('occurrence %s, type %s: %s live tickets and no pool', live.occurrence_id,
                              coalesce(live.ticket_type_id::text, 'all'), live.reserved + live.sold)
                FROM live
                LEFT JOIN inventory_pools AS pool
                     ON live.occurrence_id = pool.occurrence_id AND live.type_key = \(typeKey("pool"))
                WHERE pool.id IS NULL
                """),
        InvariantCheck(
            1, "tickets are of their order's occurrence and of a type of its event", in: .ticketing,
            sql: """
                SELECT format('ticket %s of occurrence %s and type %s, order %s', ticket.id, ticket.event_occurrence_id,
                              ticket.ticket_type_id, ticket.order_id)
                FROM tickets AS ticket
                JOIN orders ON orders.id = ticket.order_id
                JOIN event_occurrences AS occurrence ON occurrence.id = ticket.event_occurrence_id
                JOIN ticket_types AS type ON type.id = ticket.ticket_type_id
                WHERE ticket.event_occurrence_id <> orders.event_occurrence_id
                   OR type.event_definition_id <> occurrence.event_definition_id
                """),
        InvariantCheck(
            1, "a code is on one ticket", in: .ticketing,
            sql: """
                SELECT format('tickets %s', string_agg(id::text, ' and ' ORDER BY id))
                FROM tickets WHERE qr_code_data IS NOT NULL GROUP BY qr_code_data HAVING count(*) > 1
                """),
        InvariantCheck(
            5, "pool counters equal the tickets they summarise", in: .ticketing,
            sql: liveTickets + """
                SELECT format('occurrence %s, type %s: reserved %s, sold %s; tickets reserved %s, sold %s',
                              pool.occurrence_id, coalesce(pool.ticket_type_id::text, 'all'), pool.reserved, pool.sold,
                              coalesce(live.reserved, 0), coalesce(live.sold, 0))
                FROM inventory_pools AS pool
                LEFT JOIN live ON live.occurrence_id = pool.occurrence_id AND live.type_key = \(typeKey("pool"))
                WHERE pool.reserved <> coalesce(live.reserved, 0) OR pool.sold <> coalesce(live.sold, 0)
                """),
        InvariantCheck(
            5, "pools of live occurrences have the capacity that was set", in: .ticketing,
            sql: """
                SELECT format('occurrence %s, type %s: capacity %s, set to %s', occurrence_id, type_text,
                              coalesce(capacity::text, 'unlimited'), coalesce(wanted::text, 'unlimited'))
                FROM (
                    SELECT pool.occurrence_id, coalesce(pool.ticket_type_id::text, 'all') AS type_text, pool.capacity,
                           CASE WHEN pool.ticket_type_id IS NULL
                                THEN coalesce(occurrence.capacity_override, event.max_capacity)
                                ELSE type.quantity_available END AS wanted
                    FROM inventory_pools AS pool
                    JOIN event_occurrences AS occurrence ON occurrence.id = pool.occurrence_id
                    JOIN event_definitions AS event ON event.id = occurrence.event_definition_id
                    LEFT JOIN ticket_types AS type ON type.id = pool.ticket_type_id
                    WHERE occurrence.status IN ('scheduled', 'confirmed', 'in_progress')
                ) AS pool
                WHERE capacity IS DISTINCT FROM wanted
                """),
    ]

    /// Counts live tickets per occurrence, and per occurrence and type, in one pass over the tickets.
    private static let liveTickets = """
        WITH live AS (
            SELECT event_occurrence_id AS occurrence_id, ticket_type_id, \(typeKey("tickets")) AS type_key,
                   count(*) FILTER (WHERE status = 'reserved') AS reserved,
                   count(*) FILTER (WHERE status <> 'reserved') AS sold
            FROM tickets WHERE status IN ('reserved', 'confirmed', 'checked_in')
            GROUP BY GROUPING SETS ((event_occurrence_id), (event_occurrence_id, ticket_type_id))
        )

        """

    /// The type of a pool as something that can be hashed and compared: the pool of the whole occurrence has none.
    private static func typeKey(_ table: String) -> String {
        "coalesce(\(table).ticket_type_id, '00000000-0000-0000-0000-000000000000')"
    }
}
