/// The declaration of a queue.
///
/// RabbitMQ accepts arguments that it does not know without a word: a misspelt one has no effect.
public struct AMQPQueue: Sendable, Equatable {
    /// The name. Empty lets the broker choose one; see ``AMQPTopology/queues``.
    public var name: String
    /// Whether it survives a restart of the broker.
    public var durable: Bool
    /// Whether only the declaring connection may use it, and it goes away with that connection. For the broker the
    /// connection's number is a part of the name then: the queue of a connection to a node that has stopped answering
    /// stays until the other nodes give that node up, and nobody else may use its name meanwhile.
    public var exclusive: Bool
    /// Whether it goes away with its last consumer.
    public var autoDelete: Bool
    /// Further arguments, such as `x-queue-type`.
    public var arguments: [String: AMQPFieldValue]

    /// Creates the declaration of a durable queue.
    public init(
        name: String, durable: Bool = true, exclusive: Bool = false, autoDelete: Bool = false,
        arguments: [String: AMQPFieldValue] = [:]
    ) {
        self.name = name
        self.durable = durable
        self.exclusive = exclusive
        self.autoDelete = autoDelete
        self.arguments = arguments
    }

    /// A queue that the broker names, that belongs to one connection and that goes away with it.
    public static let temporary = AMQPQueue(name: "", durable: false, exclusive: true, autoDelete: true)
}
