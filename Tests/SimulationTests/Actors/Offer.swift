import Contracts

/// What an organiser sells, as its buyers know it.
struct Offer: Sendable {
    let organizationID: OrganizationID
    let eventID: EventID
    let occurrenceIDs: [OccurrenceID]
    let ticketTypeIDs: [TicketTypeID]
}
