extension InvariantCheck {
    /// Invariants 3 and 5 inside Ticketing: orders and their tickets tell the same story. With it, a ticket has a price
    /// only where its order has, and what covers the order covers its tickets.
    static let orders = [
        InvariantCheck(
            3, "tickets stand as their order stands", in: .ticketing,
            sql: """
                SELECT format('ticket %s is %s, its order %s is %s', tickets.id, tickets.status, orders.id,
                              orders.status)
                FROM tickets JOIN orders ON orders.id = tickets.order_id
                WHERE CASE orders.status
                      WHEN 'reserved' THEN tickets.status <> 'reserved'
                      WHEN 'completed' THEN tickets.status NOT IN ('confirmed', 'checked_in', 'transferred')
                      WHEN 'partially_refunded' THEN tickets.status IN ('reserved', 'expired')
                      ELSE tickets.status IN ('reserved', 'confirmed', 'checked_in') END
                """),
        InvariantCheck(
            5, "an order's total is that of its items and that of its tickets", in: .ticketing,
            sql: """
                SELECT format('order %s: total %s, %s items at %s, %s tickets at %s', orders.id, orders.total_cents,
                              coalesce(items.quantity, 0), coalesce(items.cents, 0), coalesce(held.tickets, 0),
                              coalesce(held.cents, 0))
                FROM orders
                LEFT JOIN (
                    SELECT order_id, sum(quantity) AS quantity, sum(total_cents) AS cents FROM order_items
                    GROUP BY order_id
                ) AS items ON items.order_id = orders.id
                LEFT JOIN (
                    SELECT order_id, count(*) AS tickets, sum(price_paid_cents) AS cents FROM tickets GROUP BY order_id
                ) AS held ON held.order_id = orders.id
                WHERE orders.was_held
                  AND (orders.total_cents IS DISTINCT FROM items.cents OR orders.total_cents IS DISTINCT FROM held.cents
                       OR items.quantity IS DISTINCT FROM held.tickets)
                """),
    ]
}
