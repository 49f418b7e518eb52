/// Reserve these tickets for 15 minutes, all or none. Answered by `TicketsHeld` or `HoldRefused`.
public struct HoldTickets: StockCommand {
    public static let name = "ticketing.hold-tickets.v1"
    public static let recipient = ServiceName.ticketing

    public var checkoutID: CheckoutID
    /// Made by the asker, so that a repeated command finds its order.
    public var orderID: OrderID
    public var occurrenceID: OccurrenceID
    public var items: [OrderItem]
    public var buyer: Buyer
    /// In the order of the items; fewer than tickets leaves the rest in the buyer's name.
    public var attendees: [AttendeeDraft]?
    /// When the hold ends unless it is confirmed.
    public var expiresAt: Timestamp

    enum CodingKeys: String, CodingKey {
        case items, buyer, attendees
        case checkoutID = "checkout_id"
        case orderID = "order_id"
        case occurrenceID = "occurrence_id"
        case expiresAt = "expires_at"
    }

    public init(
        checkoutID: CheckoutID, orderID: OrderID, occurrenceID: OccurrenceID, items: [OrderItem], buyer: Buyer,
        attendees: [AttendeeDraft]? = nil, expiresAt: Timestamp
    ) {
        self.checkoutID = checkoutID
        self.orderID = orderID
        self.occurrenceID = occurrenceID
        self.items = items
        self.buyer = buyer
        self.attendees = attendees
        self.expiresAt = expiresAt
    }

    public static var example: HoldTickets {
        HoldTickets(
            checkoutID: .example, orderID: .example, occurrenceID: .example, items: [.example], buyer: .example,
            attendees: [.example], expiresAt: .example
        )
    }
}
