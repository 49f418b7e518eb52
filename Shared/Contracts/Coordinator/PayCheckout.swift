/// Pay for a held checkout. Refused with `hold-expired`, `sold-out` or `conflict` when it is not awaiting payment.
public struct PayCheckout: Request {
    public static let name = "coordinator.pay-checkout.v1"
    public static let recipient = ServiceName.coordinator
    public static let isQuick = true
    public typealias Reply = CheckoutDetails
    public static var replyExample: CheckoutDetails { .example }

    public var checkoutID: CheckoutID
    public var chargeID: ChargeID
    public var instrument: PaymentInstrument

    enum CodingKeys: String, CodingKey {
        case instrument
        case checkoutID = "checkout_id"
        case chargeID = "charge_id"
    }

    public init(checkoutID: CheckoutID, chargeID: ChargeID, instrument: PaymentInstrument) {
        self.checkoutID = checkoutID
        self.chargeID = chargeID
        self.instrument = instrument
    }

    public static var example: PayCheckout {
        PayCheckout(checkoutID: .example, chargeID: .example, instrument: .example)
    }
}
