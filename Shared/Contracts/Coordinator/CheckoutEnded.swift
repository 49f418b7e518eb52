/// A checkout ended without tickets: its state is sold out, canceled, expired or refunded. Of a sale, `order-completed`
/// tells.
///
/// Money that comes late may still make an expired checkout a sale, or bring it to its second end, refunded.
public struct CheckoutEnded: Event {
    public static let name = "coordinator.checkout-ended.v1"
    public static let source = ServiceName.coordinator

    public var checkout: CheckoutDetails
    public var buyer: Buyer

    public init(checkout: CheckoutDetails, buyer: Buyer) {
        self.checkout = checkout
        self.buyer = buyer
    }

    public static var example: CheckoutEnded {
        var checkout = CheckoutDetails.example
        checkout.state = .expired
        return CheckoutEnded(checkout: checkout, buyer: .example)
    }
}
