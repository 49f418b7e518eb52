/// One line of a checkout's history.
public struct CheckoutTransition: Codable, Sendable, Equatable {
    public var at: Timestamp
    /// The state after it.
    public var state: CheckoutState
    /// The message that caused it.
    public var message: String

    public init(at: Timestamp, state: CheckoutState, message: String) {
        self.at = at
        self.state = state
        self.message = message
    }

    public static var example: CheckoutTransition {
        CheckoutTransition(at: .example, state: .completed, message: "ticketing.order-completed.v1")
    }
}
