/// What the gate may show of a ticket.
public struct ScannedTicket: Codable, Sendable, Equatable {
    public var id: TicketID
    public var ticketTypeID: TicketTypeID?
    public var ticketTypeName: String?
    public var holderName: String?
    public var publicID: String?

    enum CodingKeys: String, CodingKey {
        case id
        case ticketTypeID = "ticket_type_id"
        case ticketTypeName = "ticket_type_name"
        case holderName = "holder_name"
        case publicID = "public_id"
    }

    public init(
        id: TicketID, ticketTypeID: TicketTypeID? = nil, ticketTypeName: String? = nil, holderName: String? = nil,
        publicID: String? = nil
    ) {
        self.id = id
        self.ticketTypeID = ticketTypeID
        self.ticketTypeName = ticketTypeName
        self.holderName = holderName
        self.publicID = publicID
    }

    public static var example: ScannedTicket {
        ScannedTicket(
            id: .example, ticketTypeID: .example, ticketTypeName: "General Admission", holderName: "Ada Lovelace",
            publicID: "K7MPQ2XW9R"
        )
    }
}
