/// The order's held places are free again; its tickets are expired or canceled.
public struct HoldReleased: Event {
    public static let name = "ticketing.hold-released.v1"
    public static let source = ServiceName.ticketing

    public var checkoutID: CheckoutID
    public var orderID: OrderID
    public var occurrenceID: OccurrenceID
    public var reason: ReleaseReason
    /// Empty when the hold had ended before.
    public var ticketIDs: [TicketID]

    enum CodingKeys: String, CodingKey {
        case reason
        case checkoutID = "checkout_id"
        case orderID = "order_id"
        case occurrenceID = "occurrence_id"
        case ticketIDs = "ticket_ids"
    }

    public init(
        checkoutID: CheckoutID, orderID: OrderID, occurrenceID: OccurrenceID, reason: ReleaseReason,
        ticketIDs: [TicketID]
    ) {
        self.checkoutID = checkoutID
        self.orderID = orderID
        self.occurrenceID = occurrenceID
        self.reason = reason
        self.ticketIDs = ticketIDs
    }

    public static var example: HoldReleased {
        HoldReleased(
            checkoutID: .example, orderID: .example, occurrenceID: .example, reason: .example, ticketIDs: [.example]
        )
    }
}
