/// A confirmed ticket with the code that admits.
public struct IssuedTicket: Codable, Sendable, Equatable {
    public var id: TicketID
    public var ticketTypeID: TicketTypeID
    public var ticketTypeName: String
    /// The human-readable confirmation code.
    public var publicID: String
    /// The signed code in the QR.
    public var code: String
    /// Of the code; an older revision is revoked.
    public var revision: Int
    public var holderName: String
    public var holderEmail: String?
    public var priceCents: Int

    enum CodingKeys: String, CodingKey {
        case id, code, revision
        case ticketTypeID = "ticket_type_id"
        case ticketTypeName = "ticket_type_name"
        case publicID = "public_id"
        case holderName = "holder_name"
        case holderEmail = "holder_email"
        case priceCents = "price_cents"
    }

    public init(
        id: TicketID, ticketTypeID: TicketTypeID, ticketTypeName: String, publicID: String, code: String,
        revision: Int, holderName: String, holderEmail: String? = nil, priceCents: Int
    ) {
        self.id = id
        self.ticketTypeID = ticketTypeID
        self.ticketTypeName = ticketTypeName
        self.publicID = publicID
        self.code = code
        self.revision = revision
        self.holderName = holderName
        self.holderEmail = holderEmail
        self.priceCents = priceCents
    }

    public static var example: IssuedTicket {
        IssuedTicket(
            id: .example, ticketTypeID: .example, ticketTypeName: "General Admission", publicID: "K7MPQ2XW9R",
            code: "VG1AAAA", revision: 1, holderName: "Ada Lovelace", holderEmail: "ada@example.org", priceCents: 2500
        )
    }
}
