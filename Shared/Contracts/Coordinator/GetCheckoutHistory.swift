/// Every transition of a checkout.
public struct GetCheckoutHistory: Request {
    public static let name = "coordinator.get-checkout-history.v1"
    public static let recipient = ServiceName.coordinator
    public typealias Reply = CheckoutHistory
    public static var replyExample: CheckoutHistory { .example }

    public var checkoutID: CheckoutID

    enum CodingKeys: String, CodingKey {
        case checkoutID = "checkout_id"
    }

    public init(checkoutID: CheckoutID) {
        self.checkoutID = checkoutID
    }

    public static var example: GetCheckoutHistory {
        GetCheckoutHistory(checkoutID: .example)
    }
}
