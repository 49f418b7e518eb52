import Contracts
import Messaging
import Postgres

/// The table `inventory_pools`. Every change of stock locks the pools of its occurrences first, in the order of their
/// ids.
struct PoolStore {
    let transaction: PostgresTransaction

    /// Locks and reads the pools of occurrences, also where other statements are to travel in the same round trip.
    static func lockQuery(_ occurrenceIDs: [OccurrenceID]) -> PostgresQuery {
        """
        SELECT id, organization_id, occurrence_id, ticket_type_id, capacity, reserved, sold
        FROM inventory_pools WHERE occurrence_id = ANY(\(occurrenceIDs)) ORDER BY id FOR UPDATE
        """
    }

    static func ledger(_ rows: PostgresRows) throws -> InventoryLedger {
        InventoryLedger(try pools(rows))
    }

    /// Adds what a batch moved. The constraints of the table are the last line against overselling.
    static func applyQuery(_ changes: [InventoryChange]) -> PostgresQuery {
        """
        UPDATE inventory_pools AS pool SET reserved = pool.reserved + change.reserved, sold = pool.sold + change.sold
        FROM unnest(\(changes.map(\.poolID)), \(changes.map(\.reserved)), \(changes.map(\.sold)))
            AS change (id, reserved, sold)
        WHERE pool.id = change.id
        """
    }

    /// Locks the pools of one occurrence.
    func lock(_ occurrenceID: OccurrenceID, organizationID: OrganizationID) throws {
        try transaction.write(
            """
            SELECT FROM inventory_pools
            WHERE occurrence_id = \(occurrenceID) AND organization_id = \(organizationID) ORDER BY id FOR UPDATE
            """)
    }

    /// Locks the pools of an event's live occurrences.
    ///
    /// - Parameter ticketTypeID: those of this type, or those of the whole occurrences when nil.
    func lock(
        ofLiveOccurrencesOf eventID: EventID, ticketTypeID: TicketTypeID?, organizationID: OrganizationID
    ) throws -> [InventoryPool] {
        try Self.pools(
            transaction.query(
                """
                SELECT pool.id, pool.organization_id, pool.occurrence_id, pool.ticket_type_id, pool.capacity,
                    pool.reserved, pool.sold
                FROM inventory_pools AS pool
                JOIN event_occurrences AS occurrence ON occurrence.id = pool.occurrence_id
                WHERE occurrence.event_definition_id = \(eventID) AND occurrence.organization_id = \(organizationID)
                    AND occurrence.status = ANY(\(OccurrenceStatus.live.map(\.rawValue)))
                    AND (\(ticketTypeID != nil) OR occurrence.capacity_override IS NULL)
                    AND pool.ticket_type_id IS NOT DISTINCT FROM \(ticketTypeID)
                ORDER BY pool.id FOR UPDATE OF pool
                """))
    }

    /// Sets the capacity of pools that were locked.
    func setCapacity(_ capacity: Int?, of pools: [InventoryPool]) throws {
        try transaction.write(
            "UPDATE inventory_pools SET capacity = \(capacity) WHERE id = ANY(\(pools.map(\.id)))")
    }

    /// Opens empty pools.
    func insert(_ pools: [InventoryPool]) throws {
        guard !pools.isEmpty else { return }
        try transaction.write(
            """
            INSERT INTO inventory_pools (id, organization_id, occurrence_id, ticket_type_id, capacity)
            SELECT * FROM unnest(
                \(pools.map(\.id)), \(pools.map(\.organizationID)), \(pools.map(\.occurrenceID)),
                \(pools.map(\.ticketTypeID)), \(pools.map(\.capacity)))
            """)
    }

    private static func pools(_ rows: PostgresRows) throws -> [InventoryPool] {
        try rows.decode(
            (InventoryPoolID, OrganizationID, OccurrenceID, TicketTypeID?, Int?, Int, Int).self
        ).map { id, organizationID, occurrenceID, ticketTypeID, capacity, reserved, sold in
            InventoryPool(
                id: id, organizationID: organizationID, occurrenceID: occurrenceID, ticketTypeID: ticketTypeID,
                capacity: capacity, reserved: reserved, sold: sold)
        }
    }
}
