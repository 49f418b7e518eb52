/// The provider has not decided about a refund.
public struct RefundPending: Event {
    public static let name = "payments.refund-pending.v1"
    public static let source = ServiceName.payments

    public var refundID: RefundID
    public var chargeID: ChargeID
    public var checkoutID: CheckoutID
    public var orderID: OrderID

    enum CodingKeys: String, CodingKey {
        case refundID = "refund_id"
        case chargeID = "charge_id"
        case checkoutID = "checkout_id"
        case orderID = "order_id"
    }

    public init(refundID: RefundID, chargeID: ChargeID, checkoutID: CheckoutID, orderID: OrderID) {
        self.refundID = refundID
        self.chargeID = chargeID
        self.checkoutID = checkoutID
        self.orderID = orderID
    }

    public static var example: RefundPending {
        RefundPending(refundID: .example, chargeID: .example, checkoutID: .example, orderID: .example)
    }
}
