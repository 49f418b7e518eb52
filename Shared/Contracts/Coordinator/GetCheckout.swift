/// One checkout.
public struct GetCheckout: Request {
    public static let name = "coordinator.get-checkout.v1"
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

    public static var example: GetCheckout {
        GetCheckout(checkoutID: .example)
    }
}
