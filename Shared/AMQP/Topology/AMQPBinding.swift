/// The declaration that an exchange routes to a queue or to another exchange.
public struct AMQPBinding: Sendable, Equatable {
    /// Where a binding leads to.
    public enum Destination: Sendable, Equatable {
        /// The queue of that name; the empty name is the broker-named queue that was declared last.
        case queue(String)
        /// The exchange of that name.
        case exchange(String)
    }

    /// The exchange that messages come from.
    public var exchange: String
    /// Where they go.
    public var destination: Destination
    /// The key or pattern that selects them.
    public var routingKey: String
    /// Further arguments.
    public var arguments: [String: AMQPFieldValue]

    /// Creates the declaration of a binding to a queue.
    public init(exchange: String, queue: String, routingKey: String, arguments: [String: AMQPFieldValue] = [:]) {
        self.init(exchange: exchange, destination: .queue(queue), routingKey: routingKey, arguments: arguments)
    }

    /// Creates the declaration of a binding.
    public init(
        exchange: String, destination: Destination, routingKey: String, arguments: [String: AMQPFieldValue] = [:]
    ) {
        self.exchange = exchange
        self.destination = destination
        self.routingKey = routingKey
        self.arguments = arguments
    }
}
