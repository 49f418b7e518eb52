/// A checkout moved to another state: what whoever waits for it wants to know at once.
public struct CheckoutProgressed: TransientEvent {
    public static let name = "coordinator.checkout-progressed.v1"
    public static let source = ServiceName.coordinator

    public var checkout: CheckoutDetails

    public init(checkout: CheckoutDetails) {
        self.checkout = checkout
    }

    public static var example: CheckoutProgressed { CheckoutProgressed(checkout: .example) }
}
