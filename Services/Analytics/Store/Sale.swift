import Contracts

/// One sold ticket.
struct Sale: Sendable, Equatable {
    let organizationID: OrganizationID
    let order: OrderCompleted
    let ticket: IssuedTicket
}
