@testable import Operator

/// What must not be in Ticketing.
extension Plant {
    static let stock = [
        Plant(
            "live tickets fit the capacity of their pool", naming: Row.occurrence,
            [
                .ticketing: [
                    "ALTER TABLE inventory_pools DROP CONSTRAINT inventory_pool_capacity_check",
                    "UPDATE event_definitions SET max_capacity = 3",
                    "UPDATE inventory_pools SET capacity = 3 WHERE ticket_type_id IS NULL",
                ]
            ]),
        Plant(
            "every live ticket is counted by its pools", naming: Row.type,
            [.ticketing: ["DELETE FROM inventory_pools WHERE ticket_type_id = \(Row.type)"]]),
        Plant(
            "tickets are of their order's occurrence and of a type of its event", naming: Row.soldOrder,
            [.ticketing: ["UPDATE orders SET event_occurrence_id = \(Row.otherOccurrence) WHERE id = \(Row.soldOrder)"]]
        ),
        Plant(
            "tickets are of their order's occurrence and of a type of its event", naming: Row.otherType,
            [
                .ticketing: [
                    // Expired, so that no pool counts it.
                    "UPDATE tickets SET ticket_type_id = \(Row.otherType) WHERE id = \(Row.expiredTicket)"
                ]
            ]),
        Plant(
            "a code is on one ticket", naming: Row.soldTicket,
            [
                .ticketing: [
                    """
                    UPDATE tickets SET qr_code_data = (SELECT qr_code_data FROM tickets WHERE id = \(Row.soldTicket))
                    WHERE id = \(Row.admittedTicket)
                    """
                ]
            ]),
        Plant(
            "pool counters equal the tickets they summarise", naming: "reserved 3",
            [.ticketing: ["UPDATE inventory_pools SET reserved = 3 WHERE ticket_type_id = \(Row.type)"]]),
        Plant(
            "pool counters equal the tickets they summarise", naming: "sold 0",
            [.ticketing: ["UPDATE inventory_pools SET sold = 1 WHERE occurrence_id = \(Row.otherOccurrence)"]]),
        Plant(
            "pools of live occurrences have the capacity that was set", naming: "capacity 60, set to 50",
            [.ticketing: ["UPDATE inventory_pools SET capacity = 60 WHERE ticket_type_id = \(Row.type)"]]),
        Plant(
            "pools of live occurrences have the capacity that was set", naming: "capacity 100, set to 80",
            [.ticketing: ["UPDATE event_occurrences SET capacity_override = 80 WHERE id = \(Row.occurrence)"]]),
    ]

    static let orders = [
        Plant(
            "tickets stand as their order stands", naming: Row.soldTicket,
            [
                .ticketing: [
                    "UPDATE tickets SET status = 'canceled' WHERE id = \(Row.soldTicket)",
                    "UPDATE inventory_pools SET sold = sold - 1 WHERE occurrence_id = \(Row.occurrence)",
                ]
            ]),
        Plant(
            "tickets stand as their order stands", naming: Row.expiredTicket,
            [
                .ticketing: [
                    "UPDATE tickets SET status = 'reserved' WHERE id = \(Row.expiredTicket)",
                    "UPDATE inventory_pools SET reserved = reserved + 1 WHERE occurrence_id = \(Row.occurrence)",
                ]
            ]),
        Plant(
            "an order's total is that of its items and that of its tickets",
            naming: "1 items at 25000, 1 tickets at 24999",
            [.ticketing: ["UPDATE tickets SET price_paid_cents = 24999 WHERE id = \(Row.expiredTicket)"]]),
        Plant(
            "an order's total is that of its items and that of its tickets", naming: "2 items at 25000, 1 tickets",
            [
                .ticketing: [
                    "UPDATE order_items SET quantity = 2, unit_price_cents = 12500 WHERE order_id = \(Row.expiredOrder)"
                ]
            ]),
    ]
}
