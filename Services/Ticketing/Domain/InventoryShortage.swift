import Contracts

/// Fewer places are left than were asked for.
struct InventoryShortage: Error, Sendable, Equatable {
    /// Nil when the occurrence as a whole is short.
    let ticketTypeID: TicketTypeID?
    let available: Int
}
