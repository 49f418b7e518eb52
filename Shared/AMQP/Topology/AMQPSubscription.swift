/// The wish to consume from a queue.
public struct AMQPSubscription: Sendable, Equatable {
    /// The queue; the empty name is the broker-named queue of the topology.
    public var queue: String
    /// The consumer's tag, unique among the subscriptions of one ``AMQPConsumer``; the broker's tools show it.
    public var consumerTag: String
    /// How many deliveries may be unsettled at a time (`basic.qos` for this consumer); zero means without limit.
    public var prefetch: UInt16
    /// Whether no other consumer may use the queue.
    public var exclusive: Bool
    /// Further arguments, such as `x-priority`.
    public var arguments: [String: AMQPFieldValue]

    /// Creates a subscription. Without a tag the queue's name serves as one.
    public init(
        queue: String, consumerTag: String? = nil, prefetch: UInt16 = 100, exclusive: Bool = false,
        arguments: [String: AMQPFieldValue] = [:]
    ) {
        self.queue = queue
        self.consumerTag = consumerTag ?? (queue.isEmpty ? "temporary" : queue)
        self.prefetch = prefetch
        self.exclusive = exclusive
        self.arguments = arguments
    }
}
