/// No money goes back.
public struct RefundFailed: Event {
    public static let name = "payments.refund-failed.v1"
    public static let source = ServiceName.payments

    public var refundID: RefundID
    public var chargeID: ChargeID
    public var checkoutID: CheckoutID
    public var orderID: OrderID
    public var reason: RefundFailure
    public var detail: String

    enum CodingKeys: String, CodingKey {
        case reason, detail
        case refundID = "refund_id"
        case chargeID = "charge_id"
        case checkoutID = "checkout_id"
        case orderID = "order_id"
    }

    public init(
        refundID: RefundID, chargeID: ChargeID, checkoutID: CheckoutID, orderID: OrderID, reason: RefundFailure,
        detail: String
    ) {
        self.refundID = refundID
        self.chargeID = chargeID
        self.checkoutID = checkoutID
        self.orderID = orderID
        self.reason = reason
        self.detail = detail
    }

    public static var example: RefundFailed {
        RefundFailed(
            refundID: .example, chargeID: .example, checkoutID: .example, orderID: .example, reason: .example,
            detail: "The card is closed."
        )
    }
}
