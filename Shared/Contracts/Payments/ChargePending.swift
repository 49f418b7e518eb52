/// The provider has not decided yet: its stock must not be released.
public struct ChargePending: Event {
    public static let name = "payments.charge-pending.v1"
    public static let source = ServiceName.payments

    public var chargeID: ChargeID
    public var checkoutID: CheckoutID
    public var orderID: OrderID

    enum CodingKeys: String, CodingKey {
        case chargeID = "charge_id"
        case checkoutID = "checkout_id"
        case orderID = "order_id"
    }

    public init(chargeID: ChargeID, checkoutID: CheckoutID, orderID: OrderID) {
        self.chargeID = chargeID
        self.checkoutID = checkoutID
        self.orderID = orderID
    }

    public static var example: ChargePending {
        ChargePending(chargeID: .example, checkoutID: .example, orderID: .example)
    }
}
