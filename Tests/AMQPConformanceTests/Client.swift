import AMQP
import Logging
import TestSupport

/// What the conformance tests share: configurations, messages, and running clients beside a test's body.
enum Client {
    static let logger = Logger(label: "conformance")
    /// How long a test waits for something that is expected to happen at once; generous, for a busy machine.
    static let patience = Duration.seconds(60)

    /// The configuration for the shared broker.
    static func configuration() async throws -> AMQPConfiguration {
        try AMQPConfiguration(url: try await TestBroker.url(), connectionName: "conformance")
    }

    /// A durable quorum queue with a unique name.
    static func quorumQueue(_ purpose: String, arguments: [String: AMQPFieldValue] = [:]) -> AMQPQueue {
        AMQPQueue(
            name: TestBroker.uniqueName(purpose),
            arguments: arguments.merging(["x-queue-type": "quorum"]) { own, _ in own })
    }

    /// A message for a queue, over the default exchange.
    static func message(_ text: String, to queue: AMQPQueue) -> AMQPMessage {
        AMQPMessage(
            routingKey: queue.name, properties: AMQPProperties(messageID: text), body: Array(text.utf8))
    }

    /// Runs clients beside `body`, and stops them after it.
    static func whileRunning<Result: Sendable>(
        _ runs: [@Sendable () async throws -> Void], _ body: () async throws -> Result
    ) async throws -> Result {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for run in runs {
                group.addTask { try await run() }
            }
            defer { group.cancelAll() }
            return try await body()
        }
    }

    /// Declares queues, runs `body` with a publisher, and deletes the queues.
    static func withPublisher<Result: Sendable>(
        _ configuration: AMQPConfiguration, queues: [AMQPQueue], _ body: (AMQPPublisher) async throws -> Result
    ) async throws -> Result {
        let publisher = AMQPPublisher(
            configuration: configuration, topology: AMQPTopology(queues: queues), logger: logger)
        let result = try await whileRunning([{ try await publisher.run() }]) {
            guard try await publisher.waitUntil(timeout: patience, { $0.isConnected }) else {
                throw AMQPTestFailure("the publisher did not connect: \(String(describing: publisher.status))")
            }
            return try await body(publisher)
        }
        let administration = AMQPAdministration(configuration: configuration, logger: logger)
        for queue in queues {
            try await administration.delete(queue: queue.name)
        }
        await administration.close()
        return result
    }

    /// Takes batches until `count` deliveries are there.
    static func take(_ count: Int, from queue: String, of consumer: AMQPConsumer) async throws -> [AMQPDelivery] {
        var deliveries: [AMQPDelivery] = []
        while deliveries.count < count {
            deliveries += try await consumer.nextBatch(queue: queue, max: count - deliveries.count).deliveries
        }
        return deliveries
    }
}
