/// The deliveries that one call of ``AMQPConsumer/nextBatch(queue:max:)`` took, oldest first. All of them come over one
/// connection, from one queue or from several that are taken together.
public struct AMQPBatch: Sendable, Equatable {
    /// The queue as the subscription named it, or the name of several together.
    public let queue: String
    /// The deliveries: at least one.
    public let deliveries: [AMQPDelivery]

    /// Creates a batch, for tests of what handles one.
    public init(queue: String, deliveries: [AMQPDelivery]) {
        self.queue = queue
        self.deliveries = deliveries
    }
}
