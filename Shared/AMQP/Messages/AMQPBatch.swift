/// The deliveries that one call of ``AMQPConsumer/nextBatch(queue:max:)`` took, oldest first. All of them come from one
/// queue over one connection.
public struct AMQPBatch: Sendable, Equatable {
    /// The queue as the subscription named it.
    public let queue: String
    /// The deliveries: at least one.
    public let deliveries: [AMQPDelivery]

    /// Creates a batch, for tests of what handles one.
    public init(queue: String, deliveries: [AMQPDelivery]) {
        self.queue = queue
        self.deliveries = deliveries
    }
}
