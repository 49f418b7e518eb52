import AMQP
import Contracts
import Foundation
import Logging

/// Events that every process of a service must hear, each for itself: what caches and waiting HTTP requests live on. They are
/// not handled once but heard by all, and what is published while a process is away is lost to it: never the only source of
/// anything.
public struct BroadcastListener: Sendable {
    private var hearers: [String: @Sendable (Envelope, [UInt8]) async throws -> Void] = [:]

    public init() {}

    public mutating func on<Body: Event>(
        _ event: Body.Type, _ hear: @escaping @Sendable (Received<Body>) async -> Void
    ) {
        hearers[Body.name] = { envelope, body in
            await hear(Received(envelope: envelope, body: try MessageCodec.decode(Body.self, from: body)))
        }
    }

    /// The same for events that are many and mostly of no interest: `hear` gets the body as it came, and decodes it when
    /// it is worth that.
    public mutating func on<Body: Event>(
        undecoded event: Body.Type, _ hear: @escaping @Sendable (Envelope, [UInt8]) async throws -> Void
    ) {
        hearers[Body.name] = hear
    }

    public var eventNames: [String] { hearers.keys.sorted() }

    /// The process's own queue: it vanishes with the process.
    func topology(queue: String) -> AMQPTopology {
        var topology = MessagingTopology.exchanges
        topology.queues.append(AMQPQueue(name: queue, durable: false, exclusive: true, autoDelete: true))
        topology.bindings = eventNames.map { AMQPBinding(exchange: Exchange.events, queue: queue, routingKey: $0) }
        return topology
    }

    func run(queue: String, consumer: AMQPConsumer, logger: Logger) async {
        while true {
            let batch: AMQPBatch
            do {
                batch = try await consumer.nextBatch(queue: queue, max: 200)
            } catch {
                // The consumer has stopped; its connection losses are its own business.
                return
            }
            for delivery in batch.deliveries {
                do {
                    for message in try MessageBundle.messages(in: delivery) {
                        try await hearers[message.envelope.type]?(message.envelope, message.body)
                    }
                } catch {
                    logger.error("an event could not be heard", metadata: ["error": "\(error)"])
                }
            }
            await consumer.acknowledge(batch.deliveries)
        }
    }
}
