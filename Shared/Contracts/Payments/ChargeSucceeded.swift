/// The money is captured and in the ledger.
public struct ChargeSucceeded: Event {
    public static let name = "payments.charge-succeeded.v1"
    public static let source = ServiceName.payments

    public var chargeID: ChargeID
    public var checkoutID: CheckoutID
    public var orderID: OrderID
    public var amountCents: Int
    public var currency: Currency
    public var provider: String
    public var providerReference: String
    public var capturedAt: Timestamp

    enum CodingKeys: String, CodingKey {
        case currency, provider
        case chargeID = "charge_id"
        case checkoutID = "checkout_id"
        case orderID = "order_id"
        case amountCents = "amount_cents"
        case providerReference = "provider_reference"
        case capturedAt = "captured_at"
    }

    public init(
        chargeID: ChargeID, checkoutID: CheckoutID, orderID: OrderID, amountCents: Int, currency: Currency,
        provider: String, providerReference: String, capturedAt: Timestamp
    ) {
        self.chargeID = chargeID
        self.checkoutID = checkoutID
        self.orderID = orderID
        self.amountCents = amountCents
        self.currency = currency
        self.provider = provider
        self.providerReference = providerReference
        self.capturedAt = capturedAt
    }

    public static var example: ChargeSucceeded {
        ChargeSucceeded(
            chargeID: .example, checkoutID: .example, orderID: .example, amountCents: 5000, currency: .example,
            provider: "sandbox", providerReference: "sbx_1", capturedAt: .example
        )
    }
}
