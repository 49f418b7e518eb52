/// A ticket that a hold reserves.
public struct HeldTicket: Codable, Sendable, Equatable {
    public var id: TicketID
    public var ticketTypeID: TicketTypeID

    enum CodingKeys: String, CodingKey {
        case id
        case ticketTypeID = "ticket_type_id"
    }

    public init(id: TicketID, ticketTypeID: TicketTypeID) {
        self.id = id
        self.ticketTypeID = ticketTypeID
    }

    public static var example: HeldTicket {
        HeldTicket(id: .example, ticketTypeID: .example)
    }
}
