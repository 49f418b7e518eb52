/// Give this money back, once. Answered by `RefundSucceeded` or `RefundFailed`; `RefundPending` may come before.
public struct Refund: Command {
    public static let name = "payments.refund.v1"
    public static let recipient = ServiceName.payments

    /// Idempotency key towards the provider.
    public var refundID: RefundID
    /// The charge whose money goes back.
    public var chargeID: ChargeID
    public var checkoutID: CheckoutID
    public var orderID: OrderID
    /// Minor units of `currency`, more than zero.
    public var amountCents: Int
    public var currency: Currency
    public var purpose: RefundPurpose

    enum CodingKeys: String, CodingKey {
        case currency, purpose
        case refundID = "refund_id"
        case chargeID = "charge_id"
        case checkoutID = "checkout_id"
        case orderID = "order_id"
        case amountCents = "amount_cents"
    }

    public init(
        refundID: RefundID, chargeID: ChargeID, checkoutID: CheckoutID, orderID: OrderID, amountCents: Int,
        currency: Currency, purpose: RefundPurpose
    ) {
        self.refundID = refundID
        self.chargeID = chargeID
        self.checkoutID = checkoutID
        self.orderID = orderID
        self.amountCents = amountCents
        self.currency = currency
        self.purpose = purpose
    }

    public static var example: Refund {
        Refund(
            refundID: .example, chargeID: .example, checkoutID: .example, orderID: .example, amountCents: 5000,
            currency: .example, purpose: .example
        )
    }
}
