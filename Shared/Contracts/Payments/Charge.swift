/// Take this money, once. Answered by `ChargeSucceeded` or `ChargeFailed`; `ChargePending` may come before.
public struct Charge: Command {
    public static let name = "payments.charge.v1"
    public static let recipient = ServiceName.payments

    /// Idempotency key towards the provider.
    public var chargeID: ChargeID
    public var checkoutID: CheckoutID
    public var orderID: OrderID
    public var amountCents: Int
    public var currency: Currency
    public var instrument: PaymentInstrument
    public var holdExpiresAt: Timestamp

    enum CodingKeys: String, CodingKey {
        case currency, instrument
        case chargeID = "charge_id"
        case checkoutID = "checkout_id"
        case orderID = "order_id"
        case amountCents = "amount_cents"
        case holdExpiresAt = "hold_expires_at"
    }

    public init(
        chargeID: ChargeID, checkoutID: CheckoutID, orderID: OrderID, amountCents: Int, currency: Currency,
        instrument: PaymentInstrument, holdExpiresAt: Timestamp
    ) {
        self.chargeID = chargeID
        self.checkoutID = checkoutID
        self.orderID = orderID
        self.amountCents = amountCents
        self.currency = currency
        self.instrument = instrument
        self.holdExpiresAt = holdExpiresAt
    }

    public static var example: Charge {
        Charge(
            chargeID: .example, checkoutID: .example, orderID: .example, amountCents: 5000, currency: .example,
            instrument: .example, holdExpiresAt: .example
        )
    }
}
