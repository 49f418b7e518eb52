/// The tickets were not confirmed although the order was paid: the money must go back.
public struct ConfirmRefused: Event {
    public static let name = "ticketing.confirm-refused.v1"
    public static let source = ServiceName.ticketing

    public var checkoutID: CheckoutID
    public var orderID: OrderID
    public var occurrenceID: OccurrenceID
    public var reason: ConfirmRefusal

    enum CodingKeys: String, CodingKey {
        case reason
        case checkoutID = "checkout_id"
        case orderID = "order_id"
        case occurrenceID = "occurrence_id"
    }

    public init(checkoutID: CheckoutID, orderID: OrderID, occurrenceID: OccurrenceID, reason: ConfirmRefusal) {
        self.checkoutID = checkoutID
        self.orderID = orderID
        self.occurrenceID = occurrenceID
        self.reason = reason
    }

    public static var example: ConfirmRefused {
        ConfirmRefused(checkoutID: .example, orderID: .example, occurrenceID: .example, reason: .example)
    }
}
