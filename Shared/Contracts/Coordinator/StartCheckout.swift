/// Begin a checkout. Answered once the checkout is on record; the hold follows.
public struct StartCheckout: Request {
    public static let name = "coordinator.start-checkout.v1"
    public static let recipient = ServiceName.coordinator
    public static let isQuick = true
    public typealias Reply = CheckoutDetails
    public static var replyExample: CheckoutDetails { .example }

    public var checkoutID: CheckoutID
    public var orderID: OrderID
    public var draft: CheckoutDraft

    enum CodingKeys: String, CodingKey {
        case draft
        case checkoutID = "checkout_id"
        case orderID = "order_id"
    }

    public init(checkoutID: CheckoutID, orderID: OrderID, draft: CheckoutDraft) {
        self.checkoutID = checkoutID
        self.orderID = orderID
        self.draft = draft
    }

    public static var example: StartCheckout {
        StartCheckout(checkoutID: .example, orderID: .example, draft: .example)
    }
}
