/// A ticket that was refunded.
public struct RefundedTicket: Codable, Sendable, Equatable {
    public var id: TicketID
    public var ticketTypeID: TicketTypeID
    /// What of the refund is this ticket's, in minor units.
    public var amountCents: Int
    /// Whether it had been used at the gate.
    public var wasCheckedIn: Bool

    enum CodingKeys: String, CodingKey {
        case id
        case ticketTypeID = "ticket_type_id"
        case amountCents = "amount_cents"
        case wasCheckedIn = "was_checked_in"
    }

    public init(id: TicketID, ticketTypeID: TicketTypeID, amountCents: Int, wasCheckedIn: Bool) {
        self.id = id
        self.ticketTypeID = ticketTypeID
        self.amountCents = amountCents
        self.wasCheckedIn = wasCheckedIn
    }

    public static var example: RefundedTicket {
        RefundedTicket(id: .example, ticketTypeID: .example, amountCents: 2500, wasCheckedIn: false)
    }
}
