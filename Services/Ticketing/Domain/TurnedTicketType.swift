import Contracts

/// A ticket type that has run out or come back at some occurrence.
struct TurnedTicketType: Sendable, Hashable {
    let organizationID: OrganizationID
    let ticketTypeID: TicketTypeID
}
