/// A message that the broker delivered. It stays the broker's until it is acknowledged or rejected.
public struct AMQPDelivery: Sendable, Equatable {
    /// The queue as the subscription named it.
    public let queue: String
    /// The tag of the consumer that got it; empty for a message that was fetched.
    public let consumerTag: String
    /// The broker's number for this delivery, valid on its connection only.
    public let deliveryTag: UInt64
    /// The connection that delivered it: unique in this process, and growing.
    public let connectionEpoch: UInt64
    /// Whether the message may have been delivered before.
    public let redelivered: Bool
    /// The exchange that the message was published to.
    public let exchange: String
    /// The routing key that the message was published with.
    public let routingKey: String
    /// The properties.
    public let properties: AMQPProperties
    /// The body.
    public let body: [UInt8]

    /// Creates a delivery, for tests of what consumes one.
    public init(
        queue: String, consumerTag: String, deliveryTag: UInt64, connectionEpoch: UInt64, redelivered: Bool,
        exchange: String, routingKey: String, properties: AMQPProperties, body: [UInt8]
    ) {
        self.queue = queue
        self.consumerTag = consumerTag
        self.deliveryTag = deliveryTag
        self.connectionEpoch = connectionEpoch
        self.redelivered = redelivered
        self.exchange = exchange
        self.routingKey = routingKey
        self.properties = properties
        self.body = body
    }
}
