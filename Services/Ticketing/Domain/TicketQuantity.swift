import Contracts

/// So many tickets of one type. A list of these names no type twice.
struct TicketQuantity: Sendable, Equatable {
    let ticketTypeID: TicketTypeID
    let quantity: Int
}
