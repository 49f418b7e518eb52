import AMQP
import Contracts
import Foundation
import Logging
import Postgres

/// Runs a ``ServiceDefinition`` over RabbitMQ and PostgreSQL.
///
/// Each purpose has a connection of its own: the broker stops reading from connections that publish while it is short of
/// memory, and dividing the stock partitions anew must not disturb the other queues.
public final class MessageService: Sendable {
    private let definition: ServiceDefinition
    private let connections: MessagingConnections
    private let listener: BroadcastListener?
    private let broadcastQueue: String
    private let topology: MessagingTopology
    private let messageConsumer: AMQPConsumer?
    private let partitionConsumer: AMQPConsumer?
    private let requestConsumer: AMQPConsumer?
    private let broadcastConsumer: AMQPConsumer?
    private let membership: PartitionMembership?

    public init(
        definition: ServiceDefinition, listener: BroadcastListener? = nil, connections: MessagingConnections
    ) {
        self.definition = definition
        self.connections = connections
        self.listener = listener
        connections.jobs.register(definition.jobPerformers)
        let topology = MessagingTopology(definition: definition)
        self.topology = topology
        let processID = connections.moments.moment().makeUUID()
        let broadcastQueue = "\(definition.name).broadcast.\(processID.uuidString.lowercased())"
        self.broadcastQueue = broadcastQueue
        func consumer(_ name: String, _ queues: [String], _ declared: AMQPTopology) -> AMQPConsumer {
            AMQPConsumer(
                configuration: connections.configuration.forConsuming(name),
                subscriptions: queues.map { AMQPSubscription(queue: $0, prefetch: MessagingTopology.prefetch) },
                topology: declared, logger: connections.logger)
        }
        messageConsumer = topology.messageQueue.map { consumer($0, [$0], topology.topology) }
        requestConsumer = topology.requestQueue.map { consumer($0, [$0], topology.topology) }
        broadcastConsumer = listener.map {
            consumer("\(definition.name).broadcast", [broadcastQueue], $0.topology(queue: broadcastQueue))
        }
        if topology.partitionQueues.isEmpty {
            partitionConsumer = nil
            membership = nil
        } else {
            let partitions = consumer(
                "\(definition.name).inventory", topology.partitionQueues, topology.topology)
            partitionConsumer = partitions
            membership = PartitionMembership(
                processID: processID, queues: topology.partitionQueues, consumer: partitions,
                database: connections.database, moments: connections.moments, logger: connections.logger)
        }
    }

    private var consumers: [AMQPConsumer] {
        [messageConsumer, partitionConsumer, requestConsumer, broadcastConsumer].compactMap { $0 }
    }

    /// Whether every connection to the broker is up, so that messages come and go.
    public var isConnected: Bool {
        connections.publisher.isConnected && consumers.allSatisfy(\.status.isConnected)
    }

    /// Runs until ``stop()``; then finishes what was begun and returns.
    public func run() async throws {
        try await withThrowingTaskGroup(of: Bool.self) { group in
            group.addTask { [self] in
                try await connections.publisher.run()
                return false
            }
            group.addTask { [self] in
                try await connections.requester.run()
                return false
            }
            group.addTask { [self] in
                await connections.outbox.run()
                return false
            }
            group.addTask { [self] in
                await sweeper.run(definition.sweeps + [InboxRetention(keep: .seconds(8 * 86_400))])
                return false
            }
            if let membership {
                group.addTask {
                    await membership.run()
                    return false
                }
            }
            group.addTask { [self] in
                try await work()
                return true
            }
            // The work ends once it is stopped and settled; the rest serves it and ends with it.
            while let workEnded = try await group.next(), !workEnded {}
            group.cancelAll()
        }
    }

    /// Takes nothing new; ``run()`` returns once what was taken is settled.
    public func stop() async {
        await membership?.leave()
        for consumer in consumers { consumer.stop(settlingWithin: .seconds(10)) }
        connections.jobs.stop()
    }

    private var sweeper: SweepRunner {
        SweepRunner(
            service: definition.name, database: connections.database, moments: connections.moments,
            dispatcher: connections.dispatcher, metrics: connections.metrics, logger: connections.logger)
    }

    private func work() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for consumer in consumers { group.addTask { try await consumer.run() } }
            group.addTask { [connections] in await connections.jobs.run() }
            if let messageConsumer, let queue = topology.messageQueue {
                group.addTask { [self] in await lane(queue, messageConsumer).run() }
            }
            if let partitionConsumer {
                for queue in topology.partitionQueues {
                    group.addTask { [self] in await lane(queue, partitionConsumer).run() }
                }
            }
            if let requestConsumer, let queue = topology.requestQueue {
                group.addTask { [self] in await requestLane(queue, requestConsumer).run() }
            }
            if let broadcastConsumer, let listener {
                group.addTask { [broadcastQueue, connections] in
                    await listener.run(
                        queue: broadcastQueue, consumer: broadcastConsumer, logger: connections.logger)
                }
            }
            try await group.waitForAll()
        }
    }

    private func lane(_ queue: String, _ consumer: AMQPConsumer) -> MessageLane {
        MessageLane(
            service: definition.name, queue: queue, consumer: consumer, publisher: connections.publisher,
            processor: BatchProcessor(
                definition: definition, database: connections.database, moments: connections.moments,
                metrics: connections.metrics, logger: connections.logger),
            dispatcher: connections.dispatcher, metrics: connections.metrics, logger: connections.logger)
    }

    private func requestLane(_ queue: String, _ consumer: AMQPConsumer) -> RequestLane {
        RequestLane(
            service: definition.name, queue: queue, consumer: consumer, publisher: connections.publisher,
            processor: RequestProcessor(
                definition: definition, database: connections.database, moments: connections.moments,
                metrics: connections.metrics, logger: connections.logger),
            dispatcher: connections.dispatcher, concurrency: 4)
    }
}
