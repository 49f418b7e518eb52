/// Nothing was reserved.
public struct HoldRefused: Event {
    public static let name = "ticketing.hold-refused.v1"
    public static let source = ServiceName.ticketing

    public var checkoutID: CheckoutID
    public var orderID: OrderID
    public var occurrenceID: OccurrenceID
    public var reason: HoldRefusal
    /// One sentence for the buyer.
    public var detail: String

    enum CodingKeys: String, CodingKey {
        case reason, detail
        case checkoutID = "checkout_id"
        case orderID = "order_id"
        case occurrenceID = "occurrence_id"
    }

    public init(
        checkoutID: CheckoutID, orderID: OrderID, occurrenceID: OccurrenceID, reason: HoldRefusal, detail: String
    ) {
        self.checkoutID = checkoutID
        self.orderID = orderID
        self.occurrenceID = occurrenceID
        self.reason = reason
        self.detail = detail
    }

    public static var example: HoldRefused {
        HoldRefused(
            checkoutID: .example, orderID: .example, occurrenceID: .example, reason: .example,
            detail: "Only 1 place is left."
        )
    }
}
