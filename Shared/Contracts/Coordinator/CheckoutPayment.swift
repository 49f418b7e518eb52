/// What became of a checkout's latest charge.
public struct CheckoutPayment: Codable, Sendable, Equatable {
    public var state: ChargeState
    /// Why it failed.
    public var reason: String?

    public init(state: ChargeState, reason: String? = nil) {
        self.state = state
        self.reason = reason
    }

    public static var example: CheckoutPayment {
        CheckoutPayment(state: .succeeded, reason: "declined")
    }
}
