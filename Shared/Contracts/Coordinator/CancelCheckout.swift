/// End a checkout before payment. Refused with `conflict` once a payment is under way.
public struct CancelCheckout: Request {
    public static let name = "coordinator.cancel-checkout.v1"
    public static let recipient = ServiceName.coordinator
    public static let isQuick = true
    public typealias Reply = CheckoutDetails
    public static var replyExample: CheckoutDetails { .example }

    public var checkoutID: CheckoutID

    enum CodingKeys: String, CodingKey {
        case checkoutID = "checkout_id"
    }

    public init(checkoutID: CheckoutID) {
        self.checkoutID = checkoutID
    }

    public static var example: CancelCheckout {
        CancelCheckout(checkoutID: .example)
    }
}
