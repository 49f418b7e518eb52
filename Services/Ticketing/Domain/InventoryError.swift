import Contracts

/// The stock and the orders contradict each other: a fault of ours that must be seen, never a refusal.
enum InventoryError: Error, Equatable, CustomStringConvertible {
    /// The occurrence, or a ticket type of it, has no pool.
    case noPool(OccurrenceID, TicketTypeID?)
    /// More places were to be sold or released than are reserved.
    case notReserved(InventoryPoolID, quantity: Int, reserved: Int)
    /// More places were to be taken back than are sold.
    case notSold(InventoryPoolID, quantity: Int, sold: Int)
    /// A refund belongs to an order that was not read with it.
    case noOrder(OrderID)
    /// The database changed another number of rows than was decided.
    case unexpectedRowCount(String, expected: Int, actual: Int)

    var description: String {
        switch self {
        case .noPool(let occurrenceID, let ticketTypeID):
            "occurrence \(occurrenceID) has no pool for \(ticketTypeID.map { "ticket type \($0)" } ?? "itself")"
        case .notReserved(let poolID, let quantity, let reserved):
            "pool \(poolID) has \(reserved) reserved places, not \(quantity)"
        case .notSold(let poolID, let quantity, let sold):
            "pool \(poolID) has \(sold) sold places, not \(quantity)"
        case .noOrder(let orderID): "order \(orderID) of a refund was not read"
        case .unexpectedRowCount(let what, let expected, let actual):
            "\(actual) \(what) were changed instead of \(expected)"
        }
    }
}
