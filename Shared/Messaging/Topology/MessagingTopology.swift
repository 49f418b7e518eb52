import AMQP
import Contracts

/// The queues and exchanges of a service, derived from what it accepts.
public struct MessagingTopology: Sendable {
    public let service: ServiceName
    /// The queue of commands and events that are not about stock; nil when the service takes none.
    public let messageQueue: String?
    public let requestQueue: String?
    /// One queue for each stock partition, in their order.
    public let partitionQueues: [String]
    public let topology: AMQPTopology

    /// What a process calls its stock partitions together: it handles what has come over all of them in one transaction.
    /// More parallel work takes more processes.
    var partitionLane: String { "\(service).inventory" }

    /// How often the broker delivers a message before it gives it up: a crash charges every prefetched message, so this is
    /// generous; our own count of failures is the one that decides.
    static let deliveryLimit: Int64 = 50
    static let prefetch: UInt16 = 250

    public init(definition: ServiceDefinition, retryPolicy: RetryPolicy = .standard) {
        self.service = definition.name
        var topology = Self.exchanges
        let handlers = definition.messageHandlers.values
        let stock = handlers.filter(\.isStockCommand)
        let others = handlers.filter { !$0.isStockCommand }
        let retries = retryPolicy.delays
        if others.isEmpty {
            messageQueue = nil
        } else {
            let queue = Self.messageQueueName(definition.name)
            messageQueue = queue
            Self.declareLane(queue, in: &topology, singleActiveConsumer: false)
            for handler in others {
                let exchange = handler.message is any Command.Type ? Exchange.commands : Exchange.events
                topology.bindings.append(
                    AMQPBinding(exchange: exchange, queue: queue, routingKey: handler.message.name))
            }
        }
        if stock.isEmpty {
            partitionQueues = []
        } else {
            precondition(
                definition.inventoryPartitions > 0, "\(definition.name) takes stock commands but has no partitions")
            partitionQueues = (0..<definition.inventoryPartitions).map { Self.partitionQueueName(definition.name, $0) }
            for queue in partitionQueues {
                Self.declareLane(queue, in: &topology, singleActiveConsumer: true)
                // For this exchange the key of a binding is the queue's weight on the hash ring.
                topology.bindings.append(AMQPBinding(exchange: Exchange.inventory, queue: queue, routingKey: "1"))
            }
        }
        if definition.requestHandlers.isEmpty {
            requestQueue = nil
        } else {
            let queue = "\(definition.name).requests"
            requestQueue = queue
            // Requests need no survival, but their queue does: a classic queue is away with the node that holds it, and
            // its service could neither be asked nor declare its queues on the others.
            topology.queues.append(AMQPQueue(name: queue, arguments: ["x-queue-type": "quorum"]))
            topology.bindings.append(
                AMQPBinding(exchange: Exchange.requests, queue: queue, routingKey: definition.name.rawValue))
        }
        if messageQueue != nil || !partitionQueues.isEmpty {
            for delay in retries { Self.declareRetry(definition.name, after: delay, in: &topology) }
        }
        self.topology = topology
    }

    /// What every service declares, whatever it accepts.
    public static let exchanges = AMQPTopology(exchanges: [
        AMQPExchange(name: Exchange.commands, kind: .direct),
        AMQPExchange(name: Exchange.events, kind: .direct),
        AMQPExchange(name: Exchange.requests, kind: .direct),
        AMQPExchange(name: Exchange.inventory, kind: .consistentHash),
    ])

    public static func messageQueueName(_ service: ServiceName) -> String { "\(service).messages" }

    public static func partitionQueueName(_ service: ServiceName, _ partition: Int) -> String {
        "\(service).inventory.\(partition)"
    }

    public static func deadLetterQueueName(_ queue: String) -> String { "\(queue).dead-letters" }

    /// The exchange whose queue holds messages for this long and then gives them back to the queue that their routing key
    /// names.
    static func retryExchangeName(_ service: ServiceName, after delay: Duration) -> String {
        "\(service).retry.\(delay.milliseconds)"
    }

    private static func declareLane(_ queue: String, in topology: inout AMQPTopology, singleActiveConsumer: Bool) {
        let deadLetters = deadLetterQueueName(queue)
        var arguments: [String: AMQPFieldValue] = [
            "x-queue-type": "quorum", "x-delivery-limit": .int64(deliveryLimit), "x-overflow": "reject-publish",
            "x-dead-letter-strategy": "at-least-once", "x-dead-letter-exchange": "",
            "x-dead-letter-routing-key": .string(deadLetters),
        ]
        if singleActiveConsumer { arguments["x-single-active-consumer"] = true }
        topology.queues.append(AMQPQueue(name: queue, arguments: arguments))
        // Looking at a dead letter counts as a delivery, and newer brokers give a message up after twenty: never here.
        topology.queues.append(
            AMQPQueue(
                name: deadLetters, arguments: ["x-queue-type": "quorum", "x-delivery-limit": .int64(1_000_000_000)]))
    }

    private static func declareRetry(_ service: ServiceName, after delay: Duration, in topology: inout AMQPTopology) {
        let name = retryExchangeName(service, after: delay)
        topology.exchanges.append(AMQPExchange(name: name, kind: .fanout))
        topology.queues.append(
            AMQPQueue(
                name: name,
                arguments: [
                    "x-queue-type": "quorum", "x-message-ttl": .int64(delay.milliseconds),
                    "x-overflow": "reject-publish", "x-dead-letter-strategy": "at-least-once",
                    // The default exchange: back to the queue that the routing key names.
                    "x-dead-letter-exchange": "",
                ]))
        topology.bindings.append(AMQPBinding(exchange: name, queue: name, routingKey: ""))
    }
}
