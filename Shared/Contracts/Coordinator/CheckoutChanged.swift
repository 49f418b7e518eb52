/// A checkout moved to another state.
public struct CheckoutChanged: Event {
    public static let name = "coordinator.checkout-changed.v1"
    public static let source = ServiceName.coordinator

    public var checkout: CheckoutDetails
    public var buyer: Buyer

    public init(checkout: CheckoutDetails, buyer: Buyer) {
        self.checkout = checkout
        self.buyer = buyer
    }

    public static var example: CheckoutChanged {
        CheckoutChanged(checkout: .example, buyer: .example)
    }
}
