/// In which order a consumer subscribes after each connect.
///
/// With single active consumers the first to subscribe becomes active, so the order decides which process works on
/// which partition: each takes its own share first, and stands by for the others after a delay.
public struct AMQPSubscriptionPlan: Sendable, Equatable {
    /// Subscribed at once, in this order.
    public var first: [AMQPSubscription]
    /// Subscribed after `delay`, in this order.
    public var second: [AMQPSubscription]
    /// How long after the first group the second group is subscribed.
    public var delay: Duration

    /// Creates a plan.
    public init(first: [AMQPSubscription], second: [AMQPSubscription] = [], delay: Duration = .zero) {
        self.first = first
        self.second = second
        self.delay = delay
    }
}
