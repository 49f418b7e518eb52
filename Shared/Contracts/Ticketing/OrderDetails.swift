/// An order as readers see it.
public struct OrderDetails: Codable, Sendable, Equatable {
    public var id: OrderID
    public var organizationID: OrganizationID
    public var checkoutID: CheckoutID
    public var occurrenceID: OccurrenceID
    public var status: OrderStatus
    public var totalCents: Int
    public var refundedCents: Int
    /// What refunds that are under way will add; absent when there are none.
    public var refundingCents: Int?
    public var currency: Currency
    public var buyer: Buyer
    public var tickets: [TicketDetails]
    public var createdAt: Timestamp
    public var updatedAt: Timestamp

    enum CodingKeys: String, CodingKey {
        case id, status, currency, buyer, tickets
        case organizationID = "organization_id"
        case checkoutID = "checkout_id"
        case occurrenceID = "occurrence_id"
        case totalCents = "total_cents"
        case refundedCents = "refunded_cents"
        case refundingCents = "refunding_cents"
        case createdAt = "created_at"
        case updatedAt = "updated_at"
    }

    public init(
        id: OrderID, organizationID: OrganizationID, checkoutID: CheckoutID, occurrenceID: OccurrenceID,
        status: OrderStatus, totalCents: Int, refundedCents: Int, refundingCents: Int? = nil, currency: Currency,
        buyer: Buyer, tickets: [TicketDetails], createdAt: Timestamp, updatedAt: Timestamp
    ) {
        self.id = id
        self.organizationID = organizationID
        self.checkoutID = checkoutID
        self.occurrenceID = occurrenceID
        self.status = status
        self.totalCents = totalCents
        self.refundedCents = refundedCents
        self.refundingCents = refundingCents
        self.currency = currency
        self.buyer = buyer
        self.tickets = tickets
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }

    public static var example: OrderDetails {
        OrderDetails(
            id: .example, organizationID: .example, checkoutID: .example, occurrenceID: .example, status: .completed,
            totalCents: 5000, refundedCents: 0, refundingCents: 2500, currency: .example, buyer: .example,
            tickets: [.example], createdAt: .example, updatedAt: .example
        )
    }
}
