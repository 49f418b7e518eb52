/// Give the held places back. Answered by `HoldReleased`, also when there was nothing left to release.
public struct ReleaseHold: StockCommand {
    public static let name = "ticketing.release-hold.v1"
    public static let recipient = ServiceName.ticketing

    public var checkoutID: CheckoutID
    public var orderID: OrderID
    public var occurrenceID: OccurrenceID
    public var reason: ReleaseReason

    enum CodingKeys: String, CodingKey {
        case reason
        case checkoutID = "checkout_id"
        case orderID = "order_id"
        case occurrenceID = "occurrence_id"
    }

    public init(checkoutID: CheckoutID, orderID: OrderID, occurrenceID: OccurrenceID, reason: ReleaseReason) {
        self.checkoutID = checkoutID
        self.orderID = orderID
        self.occurrenceID = occurrenceID
        self.reason = reason
    }

    public static var example: ReleaseHold {
        ReleaseHold(checkoutID: .example, orderID: .example, occurrenceID: .example, reason: .example)
    }
}
