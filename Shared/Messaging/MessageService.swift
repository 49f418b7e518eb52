import AMQP
import Contracts
import Foundation
import Logging
import Postgres

/// Runs a ``ServiceDefinition`` over RabbitMQ and PostgreSQL.
///
/// Each purpose has a connection of its own: the broker stops reading from connections that publish while it is short of
/// memory, and dividing the stock partitions anew must not disturb the other queues. A broker or a database that is away
/// ends nothing: everything waits and connects again.
public final class MessageService: Sendable {
    private let definition: ServiceDefinition
    private let connections: MessagingConnections
    private let retryPolicy: RetryPolicy
    private let listener: BroadcastListener?
    private let broadcastQueue: String
    private let topology: MessagingTopology
    private let messageConsumer: AMQPConsumer?
    private let ownPartitions: AMQPConsumer?
    private let standbyPartitions: AMQPConsumer?
    private let requestConsumer: AMQPConsumer?
    private let broadcastConsumer: AMQPConsumer?
    private let membership: PartitionMembership?
    private let stopping = StopSignal()

    /// - Parameters:
    ///   - listener: events that this process must hear beside what the service handles.
    ///   - retryPolicy: the rests of messages that failed.
    public init(
        definition: ServiceDefinition, listener: BroadcastListener? = nil, connections: MessagingConnections,
        retryPolicy: RetryPolicy = .standard
    ) {
        self.definition = definition
        self.connections = connections
        self.retryPolicy = retryPolicy
        self.listener = listener
        connections.jobs.register(definition.jobPerformers)
        let topology = MessagingTopology(definition: definition, retryPolicy: retryPolicy)
        self.topology = topology
        let processID = connections.moments.moment().makeUUID()
        let broadcastQueue = "\(definition.name).broadcast.\(processID.lowercaseText)"
        self.broadcastQueue = broadcastQueue
        func consumer(
            _ name: String, _ plan: AMQPSubscriptionPlan, _ declared: AMQPTopology, combinedAs lane: String? = nil
        ) -> AMQPConsumer {
            AMQPConsumer(
                configuration: connections.configuration.forConsuming(name), plan: plan, topology: declared,
                combinedAs: lane, logger: connections.logger)
        }
        func plan(_ queue: String) -> AMQPSubscriptionPlan {
            AMQPSubscriptionPlan(first: [AMQPSubscription(queue: queue, prefetch: MessagingTopology.prefetch)])
        }
        messageConsumer = topology.messageQueue.map { consumer($0, plan($0), topology.topology) }
        requestConsumer = topology.requestQueue.map { consumer($0, plan($0), topology.topology) }
        broadcastConsumer = listener.map {
            consumer(
                "\(definition.name).broadcast", plan(broadcastQueue), $0.topology(queue: broadcastQueue))
        }
        if topology.partitionQueues.isEmpty {
            ownPartitions = nil
            standbyPartitions = nil
            membership = nil
        } else {
            let share = PartitionShare.undecided(topology.partitionQueues)
            let lane = topology.partitionLane
            let own = consumer(
                "\(definition.name).inventory", share.ownPlan, topology.topology, combinedAs: lane)
            let standby = consumer(
                "\(definition.name).inventory standby", share.standbyPlan, topology.topology, combinedAs: lane)
            ownPartitions = own
            standbyPartitions = standby
            membership = PartitionMembership(
                processID: processID, queues: topology.partitionQueues, own: own, standby: standby,
                database: connections.database, moments: connections.moments, stopping: stopping,
                logger: connections.logger)
        }
    }

    private var consumers: [AMQPConsumer] {
        [messageConsumer, ownPartitions, standbyPartitions, requestConsumer, broadcastConsumer].compactMap { $0 }
    }

    /// Whether every connection to the broker is up, so that messages come and go.
    public var isConnected: Bool {
        connections.publisher.isConnected && connections.requester.status.isConnected
            && consumers.allSatisfy(\.status.isConnected)
    }

    /// Waits until every connection to the broker is up.
    ///
    /// - Throws: `CancellationError`.
    public func waitUntilConnected() async throws {
        try await connections.publisher.waitUntilConnected()
        try await connections.requester.waitUntilConnected()
        for consumer in consumers { try await consumer.waitUntilConnected() }
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
                try await work()
                return true
            }
            // The work ends once it is stopped and settled; the connections to send with serve it and end after it.
            while let workEnded = try await group.next(), !workEnded {}
            group.cancelAll()
        }
    }

    /// Takes nothing new; ``run()`` returns once what was taken is settled.
    public func stop() {
        stopping.stop()
        for consumer in consumers { consumer.stop(settlingWithin: .seconds(10)) }
        connections.jobs.stop()
    }

    private func work() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for consumer in consumers { group.addTask { try await consumer.run() } }
            group.addTask { [definition, connections, stopping] in
                await connections.outbox.run(until: stopping, publishingInterval: definition.publishingInterval)
            }
            group.addTask { [connections] in await connections.jobs.run() }
            group.addTask { [self] in
                await sweeper.run(definition.sweeps + [InboxRetention(keep: InboxRetention.standard)])
            }
            if let membership { group.addTask { await membership.run() } }
            if let messageConsumer, let queue = topology.messageQueue {
                group.addTask { [self] in await lane(queue, messageConsumer).run() }
            }
            if let ownPartitions {
                group.addTask { [self] in await lane(topology.partitionLane, ownPartitions).run() }
            }
            if let standbyPartitions {
                group.addTask { [self] in
                    await lane(topology.partitionLane, standbyPartitions, onArrival: membership?.receivedForeign).run()
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
        // What the last transactions left in memory.
        await connections.jobs.releaseWaiting()
        await connections.outbox.publishSubmitted()
        await connections.outbox.deleteConfirmed()
    }

    private var sweeper: SweepRunner {
        SweepRunner(
            service: definition.name, database: connections.database, moments: connections.moments,
            dispatcher: connections.dispatcher, stopping: stopping, metrics: connections.metrics,
            logger: connections.logger)
    }

    private func lane(
        _ name: String, _ consumer: AMQPConsumer, onArrival: (@Sendable () -> Void)? = nil
    ) -> MessageLane {
        MessageLane(
            service: definition.name, name: name, consumer: consumer, publisher: connections.publisher,
            processor: BatchProcessor(
                definition: definition, database: connections.database, moments: connections.moments,
                retryPolicy: retryPolicy, metrics: connections.metrics, logger: connections.logger),
            dispatcher: connections.dispatcher, interval: definition.batchInterval, onArrival: onArrival,
            stopping: stopping,
            metrics: connections.metrics, logger: connections.logger)
    }

    private func requestLane(_ queue: String, _ consumer: AMQPConsumer) -> RequestLane {
        RequestLane(
            queue: queue, consumer: consumer, publisher: connections.publisher,
            processor: RequestProcessor(
                definition: definition, database: connections.database, moments: connections.moments,
                metrics: connections.metrics, logger: connections.logger),
            dispatcher: connections.dispatcher, moments: connections.moments,
            concurrency: max(1, connections.database.configuration.maximumConnections / 2))
    }
}
