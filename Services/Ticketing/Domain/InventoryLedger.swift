import Contracts

/// The stock of the occurrences of one batch. It is loaded once under lock, takes all movements of the batch in their
/// order, and is written back once: a hot occurrence costs one commit a batch, not one a buyer (design, section 4).
struct InventoryLedger: Sendable {
    private struct Key: Hashable {
        let occurrenceID: OccurrenceID
        let ticketTypeID: TicketTypeID?
    }

    private var pools: [InventoryPool]
    private let before: [InventoryPool]
    private let indices: [Key: Int]

    init(_ pools: [InventoryPool]) {
        self.pools = pools
        before = pools
        indices = Dictionary(
            uniqueKeysWithValues: pools.enumerated().map { index, pool in
                (Key(occurrenceID: pool.occurrenceID, ticketTypeID: pool.ticketTypeID), index)
            })
    }

    /// The stock of the occurrence, or of one of its ticket types; nil when there is none.
    func pool(_ occurrenceID: OccurrenceID, _ ticketTypeID: TicketTypeID? = nil) -> InventoryPool? {
        index(occurrenceID, ticketTypeID).map { pools[$0] }
    }

    /// Keeps places for a hold: all of them, or none.
    /// - Throws: ``InventoryShortage`` for the first pool that has too few; ``InventoryError/noPool(_:_:)``.
    mutating func reserve(_ quantities: [TicketQuantity], at occurrenceID: OccurrenceID) throws {
        let movements = try movements(quantities, at: occurrenceID)
        for (index, quantity) in movements {
            if let available = pools[index].available, available < quantity {
                throw InventoryShortage(ticketTypeID: pools[index].ticketTypeID, available: available)
            }
        }
        for (index, quantity) in movements { pools[index].reserved += quantity }
    }

    /// Turns reserved places into sold ones.
    /// - Throws: ``InventoryError``.
    mutating func sell(_ quantities: [TicketQuantity], at occurrenceID: OccurrenceID) throws {
        for (index, quantity) in try reservedMovements(quantities, at: occurrenceID) {
            pools[index].reserved -= quantity
            pools[index].sold += quantity
        }
    }

    /// Gives reserved places back.
    /// - Throws: ``InventoryError``.
    mutating func release(_ quantities: [TicketQuantity], at occurrenceID: OccurrenceID) throws {
        for (index, quantity) in try reservedMovements(quantities, at: occurrenceID) {
            pools[index].reserved -= quantity
        }
    }

    /// Takes sold places back, for refunds.
    /// - Throws: ``InventoryError``.
    mutating func takeBack(_ quantities: [TicketQuantity], at occurrenceID: OccurrenceID) throws {
        let movements = try movements(quantities, at: occurrenceID)
        for (index, quantity) in movements where pools[index].sold < quantity {
            throw InventoryError.notSold(pools[index].id, quantity: quantity, sold: pools[index].sold)
        }
        for (index, quantity) in movements { pools[index].sold -= quantity }
    }

    /// What the movements add up to, by pool, in the order of the pools' ids; pools that end as they began are left
    /// out.
    var changes: [InventoryChange] {
        zip(before, pools).compactMap { before, after in
            guard before != after else { return nil }
            return InventoryChange(
                poolID: after.id, reserved: after.reserved - before.reserved, sold: after.sold - before.sold)
        }.sorted { $0.poolID < $1.poolID }
    }

    /// The ticket types of which an occurrence has sold out in this batch, or has some again.
    var turnedTicketTypes: [TurnedTicketType] {
        var turned: Set<TurnedTicketType> = []
        for (before, after) in zip(before, pools) {
            guard let ticketTypeID = after.ticketTypeID,
                let whole = index(after.occurrenceID, nil)
            else { continue }
            let wasSoldOut = before.available == 0 || self.before[whole].available == 0
            let isSoldOut = after.available == 0 || pools[whole].available == 0
            if wasSoldOut != isSoldOut {
                turned.insert(TurnedTicketType(organizationID: after.organizationID, ticketTypeID: ticketTypeID))
            }
        }
        return turned.sorted { $0.ticketTypeID < $1.ticketTypeID }
    }

    private func index(_ occurrenceID: OccurrenceID, _ ticketTypeID: TicketTypeID?) -> Int? {
        indices[Key(occurrenceID: occurrenceID, ticketTypeID: ticketTypeID)]
    }

    /// The pools that these tickets come from, the whole occurrence first, with how many from each.
    private func movements(
        _ quantities: [TicketQuantity], at occurrenceID: OccurrenceID
    ) throws -> [(index: Int, quantity: Int)] {
        guard let whole = index(occurrenceID, nil) else { throw InventoryError.noPool(occurrenceID, nil) }
        let total = quantities.reduce(0) { $0 + $1.quantity }
        return [(whole, total)]
            + (try quantities.map { item in
                guard let index = index(occurrenceID, item.ticketTypeID) else {
                    throw InventoryError.noPool(occurrenceID, item.ticketTypeID)
                }
                return (index, item.quantity)
            })
    }

    private func reservedMovements(
        _ quantities: [TicketQuantity], at occurrenceID: OccurrenceID
    ) throws -> [(index: Int, quantity: Int)] {
        let movements = try movements(quantities, at: occurrenceID)
        for (index, quantity) in movements where pools[index].reserved < quantity {
            throw InventoryError.notReserved(pools[index].id, quantity: quantity, reserved: pools[index].reserved)
        }
        return movements
    }
}
