/// A ticket as readers see it.
public struct TicketDetails: Codable, Sendable, Equatable {
    public var id: TicketID
    public var organizationID: OrganizationID
    public var orderID: OrderID
    public var occurrenceID: OccurrenceID
    public var ticketTypeID: TicketTypeID
    public var ticketTypeName: String
    public var publicID: String
    /// Present once confirmed.
    public var code: String?
    public var status: TicketStatus
    public var holderName: String
    public var priceCents: Int
    public var currency: Currency
    public var reservedAt: Timestamp
    public var confirmedAt: Timestamp?
    public var checkedInAt: Timestamp?
    public var canceledAt: Timestamp?
    public var refundAmountCents: Int
    /// The refund that takes it back: while that is under way the ticket no longer admits.
    public var refundID: RefundID?

    enum CodingKeys: String, CodingKey {
        case id, code, status, currency
        case organizationID = "organization_id"
        case orderID = "order_id"
        case occurrenceID = "occurrence_id"
        case ticketTypeID = "ticket_type_id"
        case ticketTypeName = "ticket_type_name"
        case publicID = "public_id"
        case holderName = "holder_name"
        case priceCents = "price_cents"
        case reservedAt = "reserved_at"
        case confirmedAt = "confirmed_at"
        case checkedInAt = "checked_in_at"
        case canceledAt = "canceled_at"
        case refundAmountCents = "refund_amount_cents"
        case refundID = "refund_id"
    }

    public init(
        id: TicketID, organizationID: OrganizationID, orderID: OrderID, occurrenceID: OccurrenceID,
        ticketTypeID: TicketTypeID, ticketTypeName: String, publicID: String, code: String? = nil,
        status: TicketStatus, holderName: String, priceCents: Int, currency: Currency, reservedAt: Timestamp,
        confirmedAt: Timestamp? = nil, checkedInAt: Timestamp? = nil, canceledAt: Timestamp? = nil,
        refundAmountCents: Int, refundID: RefundID? = nil
    ) {
        self.id = id
        self.organizationID = organizationID
        self.orderID = orderID
        self.occurrenceID = occurrenceID
        self.ticketTypeID = ticketTypeID
        self.ticketTypeName = ticketTypeName
        self.publicID = publicID
        self.code = code
        self.status = status
        self.holderName = holderName
        self.priceCents = priceCents
        self.currency = currency
        self.reservedAt = reservedAt
        self.confirmedAt = confirmedAt
        self.checkedInAt = checkedInAt
        self.canceledAt = canceledAt
        self.refundAmountCents = refundAmountCents
        self.refundID = refundID
    }

    public static var example: TicketDetails {
        TicketDetails(
            id: .example, organizationID: .example, orderID: .example, occurrenceID: .example, ticketTypeID: .example,
            ticketTypeName: "General Admission", publicID: "K7MPQ2XW9R", code: "VG1AAAA", status: .example,
            holderName: "Ada Lovelace", priceCents: 2500, currency: .example, reservedAt: .example,
            confirmedAt: .example, checkedInAt: .example, canceledAt: .example, refundAmountCents: 0, refundID: .example
        )
    }
}
