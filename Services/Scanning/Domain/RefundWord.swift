import Contracts

/// What Ticketing says of one ticket's refund. Words may arrive late, twice or out of order: of all words about a ticket
/// the one of the order's highest version counts.
struct RefundWord: Sendable, Equatable {
    let organizationID: OrganizationID
    let occurrenceID: OccurrenceID
    let ticketID: TicketID
    let orderVersion: Int
    /// Whether the ticket no longer lets its holder in.
    let isRevoked: Bool
}

extension [RefundWord] {
    /// The word that counts for each ticket.
    var newest: [RefundWord] {
        let byTicket = Dictionary(map { ($0.ticketID, $0) }) { first, second in
            first.orderVersion >= second.orderVersion ? first : second
        }
        return Array(byTicket.values)
    }
}
