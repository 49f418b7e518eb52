/// The declaration of an exchange.
public struct AMQPExchange: Sendable, Equatable {
    /// The kind of an exchange. Plugins add kinds, so the set is open.
    public struct Kind: Sendable, Hashable, ExpressibleByStringLiteral {
        /// The name on the wire.
        public let rawValue: String

        public init(stringLiteral value: String) {
            rawValue = value
        }

        /// Routes on an equal routing key.
        public static let direct: Kind = "direct"
        /// Routes on a pattern over the words of the routing key.
        public static let topic: Kind = "topic"
        /// Routes to every bound queue.
        public static let fanout: Kind = "fanout"
        /// Routes on headers.
        public static let headers: Kind = "headers"
        /// Routes on the hash of the routing key; a binding's key is its weight
        /// (plugin `rabbitmq_consistent_hash_exchange`).
        public static let consistentHash: Kind = "x-consistent-hash"
    }

    /// The name.
    public var name: String
    /// The kind.
    public var kind: Kind
    /// Whether it survives a restart of the broker.
    public var durable: Bool
    /// Whether it goes away with its last binding.
    public var autoDelete: Bool
    /// Whether only other exchanges may publish to it.
    public var isInternal: Bool
    /// Further arguments.
    public var arguments: [String: AMQPFieldValue]

    /// Creates the declaration of a durable exchange.
    public init(
        name: String, kind: Kind, durable: Bool = true, autoDelete: Bool = false, isInternal: Bool = false,
        arguments: [String: AMQPFieldValue] = [:]
    ) {
        self.name = name
        self.kind = kind
        self.durable = durable
        self.autoDelete = autoDelete
        self.isInternal = isInternal
        self.arguments = arguments
    }
}
