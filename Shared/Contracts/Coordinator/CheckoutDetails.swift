/// A checkout as readers see it (API, `GET /v1/checkouts/{id}`).
public struct CheckoutDetails: Codable, Sendable, Equatable {
    public var id: CheckoutID
    public var state: CheckoutState
    public var occurrenceID: OccurrenceID
    public var orderID: OrderID?
    /// Once held.
    public var quote: Quote?
    /// When the hold ends.
    public var expiresAt: Timestamp?
    public var tickets: [CheckoutTicket]
    public var payment: CheckoutPayment?
    /// Why nothing was held, or why it was canceled.
    public var reason: String?
    public var createdAt: Timestamp
    /// Grows with every transition.
    public var version: Int

    enum CodingKeys: String, CodingKey {
        case id, state, quote, tickets, payment, reason, version
        case occurrenceID = "occurrence_id"
        case orderID = "order_id"
        case expiresAt = "expires_at"
        case createdAt = "created_at"
    }

    public init(
        id: CheckoutID, state: CheckoutState, occurrenceID: OccurrenceID, orderID: OrderID? = nil,
        quote: Quote? = nil, expiresAt: Timestamp? = nil, tickets: [CheckoutTicket], payment: CheckoutPayment? = nil,
        reason: String? = nil, createdAt: Timestamp, version: Int
    ) {
        self.id = id
        self.state = state
        self.occurrenceID = occurrenceID
        self.orderID = orderID
        self.quote = quote
        self.expiresAt = expiresAt
        self.tickets = tickets
        self.payment = payment
        self.reason = reason
        self.createdAt = createdAt
        self.version = version
    }

    public static var example: CheckoutDetails {
        CheckoutDetails(
            id: .example, state: .completed, occurrenceID: .example, orderID: .example, quote: .example,
            expiresAt: .example, tickets: [.example], payment: .example, reason: "sales_closed", createdAt: .example,
            version: 1
        )
    }
}
