/// No money was taken.
public struct ChargeFailed: Event {
    public static let name = "payments.charge-failed.v1"
    public static let source = ServiceName.payments

    public var chargeID: ChargeID
    public var checkoutID: CheckoutID
    public var orderID: OrderID
    public var reason: ChargeFailure
    public var detail: String

    enum CodingKeys: String, CodingKey {
        case reason, detail
        case chargeID = "charge_id"
        case checkoutID = "checkout_id"
        case orderID = "order_id"
    }

    public init(chargeID: ChargeID, checkoutID: CheckoutID, orderID: OrderID, reason: ChargeFailure, detail: String) {
        self.chargeID = chargeID
        self.checkoutID = checkoutID
        self.orderID = orderID
        self.reason = reason
        self.detail = detail
    }

    public static var example: ChargeFailed {
        ChargeFailed(
            chargeID: .example, checkoutID: .example, orderID: .example, reason: .example,
            detail: "The card was declined."
        )
    }
}
