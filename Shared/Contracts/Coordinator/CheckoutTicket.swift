/// A ticket of a checkout.
public struct CheckoutTicket: Codable, Sendable, Equatable {
    public var id: TicketID
    public var ticketTypeID: TicketTypeID
    public var status: TicketStatus
    /// Once confirmed.
    public var code: String?
    /// Once confirmed.
    public var publicID: String?

    enum CodingKeys: String, CodingKey {
        case id, status, code
        case ticketTypeID = "ticket_type_id"
        case publicID = "public_id"
    }

    public init(
        id: TicketID, ticketTypeID: TicketTypeID, status: TicketStatus, code: String? = nil, publicID: String? = nil
    ) {
        self.id = id
        self.ticketTypeID = ticketTypeID
        self.status = status
        self.code = code
        self.publicID = publicID
    }

    public static var example: CheckoutTicket {
        CheckoutTicket(
            id: .example, ticketTypeID: .example, status: .confirmed, code: "VG1AAAA", publicID: "K7MPQ2XW9R"
        )
    }
}
