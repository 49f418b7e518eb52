/// The places are reserved.
public struct TicketsHeld: Event {
    public static let name = "ticketing.tickets-held.v1"
    public static let source = ServiceName.ticketing

    public var checkoutID: CheckoutID
    public var orderID: OrderID
    public var occurrenceID: OccurrenceID
    public var quote: Quote
    public var tickets: [HeldTicket]
    public var expiresAt: Timestamp

    enum CodingKeys: String, CodingKey {
        case quote, tickets
        case checkoutID = "checkout_id"
        case orderID = "order_id"
        case occurrenceID = "occurrence_id"
        case expiresAt = "expires_at"
    }

    public init(
        checkoutID: CheckoutID, orderID: OrderID, occurrenceID: OccurrenceID, quote: Quote, tickets: [HeldTicket],
        expiresAt: Timestamp
    ) {
        self.checkoutID = checkoutID
        self.orderID = orderID
        self.occurrenceID = occurrenceID
        self.quote = quote
        self.tickets = tickets
        self.expiresAt = expiresAt
    }

    public static var example: TicketsHeld {
        TicketsHeld(
            checkoutID: .example, orderID: .example, occurrenceID: .example, quote: .example, tickets: [.example],
            expiresAt: .example
        )
    }
}
