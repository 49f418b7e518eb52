/// A refund as readers see it (API, `GET /v1/refunds/{id}`).
public struct RefundDetails: Codable, Sendable, Equatable {
    public var id: RefundID
    public var state: RefundState
    public var orderID: OrderID
    public var checkoutID: CheckoutID
    public var occurrenceID: OccurrenceID
    /// Minor units of `currency`; 0 for tickets that were free.
    public var amountCents: Int
    public var currency: Currency
    /// The tickets that it takes back; empty for a refund of an amount.
    public var ticketIDs: [TicketID]
    public var cause: RefundCause
    public var reason: String
    /// Why it was refused or failed.
    public var failure: String?
    public var createdAt: Timestamp
    public var updatedAt: Timestamp
    /// Grows with every transition.
    public var version: Int

    enum CodingKeys: String, CodingKey {
        case id, state, currency, cause, reason, failure, version
        case orderID = "order_id"
        case checkoutID = "checkout_id"
        case occurrenceID = "occurrence_id"
        case amountCents = "amount_cents"
        case ticketIDs = "ticket_ids"
        case createdAt = "created_at"
        case updatedAt = "updated_at"
    }

    public init(
        id: RefundID, state: RefundState, orderID: OrderID, checkoutID: CheckoutID, occurrenceID: OccurrenceID,
        amountCents: Int, currency: Currency, ticketIDs: [TicketID], cause: RefundCause, reason: String,
        failure: String? = nil, createdAt: Timestamp, updatedAt: Timestamp, version: Int
    ) {
        self.id = id
        self.state = state
        self.orderID = orderID
        self.checkoutID = checkoutID
        self.occurrenceID = occurrenceID
        self.amountCents = amountCents
        self.currency = currency
        self.ticketIDs = ticketIDs
        self.cause = cause
        self.reason = reason
        self.failure = failure
        self.createdAt = createdAt
        self.updatedAt = updatedAt
        self.version = version
    }

    public static var example: RefundDetails {
        RefundDetails(
            id: .example, state: .completed, orderID: .example, checkoutID: .example, occurrenceID: .example,
            amountCents: 5000, currency: .example, ticketIDs: [.example], cause: .example, reason: "The artist is ill.",
            failure: "provider_refused", createdAt: .example, updatedAt: .example, version: 1
        )
    }
}
