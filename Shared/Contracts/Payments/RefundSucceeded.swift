/// The money is on its way back to the buyer and in the ledger.
public struct RefundSucceeded: Event {
    public static let name = "payments.refund-succeeded.v1"
    public static let source = ServiceName.payments

    public var refundID: RefundID
    public var chargeID: ChargeID
    public var checkoutID: CheckoutID
    public var orderID: OrderID
    public var amountCents: Int
    public var currency: Currency
    public var provider: String
    public var providerReference: String
    public var refundedAt: Timestamp

    enum CodingKeys: String, CodingKey {
        case currency, provider
        case refundID = "refund_id"
        case chargeID = "charge_id"
        case checkoutID = "checkout_id"
        case orderID = "order_id"
        case amountCents = "amount_cents"
        case providerReference = "provider_reference"
        case refundedAt = "refunded_at"
    }

    public init(
        refundID: RefundID, chargeID: ChargeID, checkoutID: CheckoutID, orderID: OrderID, amountCents: Int,
        currency: Currency, provider: String, providerReference: String, refundedAt: Timestamp
    ) {
        self.refundID = refundID
        self.chargeID = chargeID
        self.checkoutID = checkoutID
        self.orderID = orderID
        self.amountCents = amountCents
        self.currency = currency
        self.provider = provider
        self.providerReference = providerReference
        self.refundedAt = refundedAt
    }

    public static var example: RefundSucceeded {
        RefundSucceeded(
            refundID: .example, chargeID: .example, checkoutID: .example, orderID: .example, amountCents: 5000,
            currency: .example, provider: "sandbox", providerReference: "sbx_re_1", refundedAt: .example
        )
    }
}
