/// Every transition of a checkout, oldest first.
public struct CheckoutHistory: Codable, Sendable, Equatable {
    public var checkoutID: CheckoutID
    public var data: [CheckoutTransition]

    enum CodingKeys: String, CodingKey {
        case data
        case checkoutID = "checkout_id"
    }

    public init(checkoutID: CheckoutID, data: [CheckoutTransition]) {
        self.checkoutID = checkoutID
        self.data = data
    }

    public static var example: CheckoutHistory {
        CheckoutHistory(checkoutID: .example, data: [.example])
    }
}
