import Contracts

/// The stock and the orders contradict each other: a fault of ours that must be seen, never a refusal.
enum InventoryError: Error, Equatable, CustomStringConvertible {
    /// The occurrence, or a ticket type of it, has no pool.
    case noPool(OccurrenceID, TicketTypeID?)
    /// More places were to be sold or released than are reserved.
    case notReserved(InventoryPoolID, quantity: Int, reserved: Int)
    /// The database changed another number of rows than was decided.
    case unexpectedRowCount(String, expected: Int, actual: Int)

    var description: String {
        switch self {
        case .noPool(let occurrenceID, let ticketTypeID):
            "occurrence \(occurrenceID) has no pool for \(ticketTypeID.map { "ticket type \($0)" } ?? "itself")"
        case .notReserved(let poolID, let quantity, let reserved):
            "pool \(poolID) has \(reserved) reserved places, not \(quantity)"
        case .unexpectedRowCount(let what, let expected, let actual):
            "\(actual) \(what) were changed instead of \(expected)"
        }
    }
}
