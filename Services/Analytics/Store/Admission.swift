import Contracts

/// The first time that a ticket was let in.
struct Admission: Sendable, Equatable {
    let organizationID: OrganizationID
    let occurrenceID: OccurrenceID
    let ticketID: TicketID
    /// Absent when the gate did not know the ticket's order yet.
    let ticketTypeID: TicketTypeID?
    let scanID: ScanID
    let admittedAt: Timestamp
}
