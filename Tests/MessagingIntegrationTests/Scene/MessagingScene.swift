import AMQP
import Contracts
import Foundation
import Logging
import Postgres
import Synchronization
import TestSupport

@testable import Messaging

/// A broker's virtual host and a service's database, and whole services that run over them.
struct MessagingScene: Sendable {
    static let service = ServiceName.ticketing
    static let migrations = [MessagingSchema.migration, EffectTable.migration]
    static let logger = Logger(label: "messaging-tests", factory: { _ in SwiftLogNoOpLogHandler() })
    /// So short that a test sees all of it.
    static let retryPolicy = RetryPolicy(
        delays: [.milliseconds(100), .milliseconds(300), .milliseconds(600)], maximumFailures: 4)

    let broker: AMQPConfiguration
    let database: PostgresClient
    /// For the test's own publishing and looking.
    let administration: AMQPAdministration
    private let unpacked = Unpacked()

    /// What was in a bundle and has not been taken yet, by its queue.
    private final class Unpacked: Sendable {
        let deliveries = Mutex<[String: [AMQPDelivery]]>([:])
    }

    private init(broker: AMQPConfiguration, database: PostgresClient, administration: AMQPAdministration) {
        self.broker = broker
        self.database = database
        self.administration = administration
    }

    /// Runs the body on the shared servers.
    static func with(_ body: (MessagingScene) async throws -> Void) async throws {
        try await TestVirtualHost.with { host in
            try await withTestDatabase(migrations: migrations) { database in
                try await run(host.configuration, database, body)
            }
        }
    }

    /// Runs the body with the roles that tenants' requests need.
    static func withRoles(_ body: @Sendable (MessagingScene) async throws -> Void) async throws {
        try await TestVirtualHost.with { host in
            try await ServiceDatabase.with(service, migrations: migrations) { database in
                try await run(host.configuration, database.client, body)
            }
        }
    }

    /// Runs the body on a broker that it may harm.
    static func with(
        broker: PrivateBroker, _ body: (MessagingScene) async throws -> Void
    ) async throws {
        try await TestVirtualHost.with(on: broker) { host in
            try await withTestDatabase(migrations: migrations) { database in
                try await run(host.configuration, database, body)
            }
        }
    }

    /// Runs the body on a database server that it may harm.
    static func with(
        postgres: PrivatePostgres, _ body: (MessagingScene) async throws -> Void
    ) async throws {
        try await TestVirtualHost.with { host in
            try await withTestDatabase(on: postgres.configuration, migrations: migrations) { database in
                try await run(host.configuration, database, body)
            }
        }
    }

    private static func run(
        _ broker: AMQPConfiguration, _ database: PostgresClient, _ body: (MessagingScene) async throws -> Void
    ) async throws {
        let scene = MessagingScene(
            broker: broker, database: database,
            administration: AMQPAdministration(configuration: broker, logger: logger))
        do {
            try await scene.administration.declare(MessagingTopology.exchanges)
            try await body(scene)
        } catch {
            await scene.administration.close()
            throw error
        }
        await scene.administration.close()
    }

    // MARK: Services

    /// A service that takes the tests' messages.
    func definition(
        partitions: Int = 0, process: String = "one", witness: Witness<String> = Witness()
    ) -> ServiceDefinition {
        var definition = Self.stockDefinition(partitions: partitions, process: process)
        definition.on(OrderNotedHandler(process: process, witness: witness))
        definition.on(NoteOrderHandler(process: process))
        return definition
    }

    /// A service that takes stock commands, if there are partitions, and nothing else.
    static func stockDefinition(partitions: Int, process: String = "one") -> ServiceDefinition {
        var definition = ServiceDefinition(name: service, migrations: [], inventoryPartitions: partitions)
        if partitions > 0 { definition.on(ChangeStockHandler(process: process)) }
        return definition
    }

    /// - Parameters:
    ///   - name: who sends.
    ///   - database: another client than the scene's own.
    func connections(
        _ name: ServiceName = service, database: PostgresClient? = nil, broker: AMQPConfiguration? = nil,
        moments: MomentSource = .system
    ) -> MessagingConnections {
        MessagingConnections(
            service: name, broker: broker ?? self.broker, database: database ?? self.database, moments: moments,
            logger: Self.logger)
    }

    func service(
        _ definition: ServiceDefinition, listener: BroadcastListener? = nil,
        connections: MessagingConnections? = nil
    ) -> MessageService {
        MessageService(
            definition: definition, listener: listener,
            connections: connections ?? self.connections(definition.name), retryPolicy: Self.retryPolicy)
    }

    /// Runs a service beside the body from when it is connected, and stops it after it.
    func running<R>(_ service: MessageService, _ body: () async throws -> R) async throws -> R {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await service.run() }
            do {
                try await service.waitUntilConnected()
                let result = try await body()
                service.stop()
                try await group.waitForAll()
                return result
            } catch {
                group.cancelAll()
                throw error
            }
        }
    }

    /// Waits until the condition holds; the suite's time limit ends a wait for something that never comes.
    func eventually(_ condition: () async throws -> Bool) async throws {
        while try await !condition() {
            try Task.checkCancellation()
            await Task.yield()
        }
    }

    // MARK: Messages

    func publish(_ messages: [WireMessage]) async throws {
        try await publish(messages.map(Self.message))
    }

    func publish(_ messages: [AMQPMessage]) async throws {
        for result in try await administration.publish(messages) {
            if let error = result.error { throw error }
        }
    }

    static func message(_ wire: WireMessage) -> AMQPMessage {
        AMQPMessage(
            exchange: wire.exchange, routingKey: wire.routingKey, properties: EnvelopeCodec.properties(of: wire),
            body: wire.body)
    }

    /// A message as another service would send it.
    static func wire(
        _ message: any Message, id: UUID = UUID(), organizationID: OrganizationID? = nil, correlationID: UUID? = nil,
        traceparent: String? = nil, at now: Timestamp = Timestamp(Date())
    ) throws -> WireMessage {
        let (exchange, routingKey) = MessageRouting.destination(of: message)
        return WireMessage(
            exchange: exchange, routingKey: routingKey,
            envelope: Envelope(
                id: id, type: type(of: message).name, occurredAt: now, correlationID: correlationID,
                organizationID: organizationID, traceparent: traceparent, appID: "payments"),
            body: try MessageCodec.encode(message))
    }

    // MARK: What has happened

    /// The labels of all effects, in the order in which they were written.
    func effects() async throws -> [String] {
        try await database.query("SELECT label FROM effects ORDER BY number").decode(String.self)
    }

    func effectCount() async throws -> Int { try await count("SELECT count(*) FROM effects") }

    func outboxDepth() async throws -> Int { try await count("SELECT count(*) FROM outbox") }

    func count(_ query: PostgresQuery) async throws -> Int {
        try await database.query(query).decodeOne(Int.self)
    }

    /// How many messages lie in a queue for whoever comes.
    func depth(of queue: String) async throws -> Int {
        try await administration.status(ofQueue: queue)?.messageCount ?? 0
    }

    /// Waits for a message in a queue and takes it away.
    func take(from queue: String) async throws -> AMQPDelivery {
        while true {
            try Task.checkCancellation()
            if let next = try await takeNext(from: queue) { return next }
        }
    }

    /// Takes away whatever lies in a queue.
    func drain(_ queue: String) async throws -> [AMQPDelivery] {
        var deliveries: [AMQPDelivery] = []
        while let next = try await takeNext(from: queue) { deliveries.append(next) }
        return deliveries
    }

    /// The next message in a queue, alone or out of a bundle; nil when there is none.
    private func takeNext(from queue: String) async throws -> AMQPDelivery? {
        let waiting = unpacked.deliveries.withLock { deliveries -> AMQPDelivery? in
            deliveries[queue]?.isEmpty == false ? deliveries[queue]?.removeFirst() : nil
        }
        if let waiting { return waiting }
        guard let fetched = try await administration.fetch(queue: queue) else { return nil }
        await administration.acknowledge([fetched.delivery])
        let delivery = fetched.delivery
        guard delivery.properties.contentType == MessageBundle.contentType else { return delivery }
        let messages = try MessageBundle.messages(in: delivery).map { message in
            AMQPDelivery(
                queue: delivery.queue, consumerTag: delivery.consumerTag, deliveryTag: delivery.deliveryTag,
                connectionEpoch: delivery.connectionEpoch, redelivered: delivery.redelivered,
                exchange: delivery.exchange, routingKey: delivery.routingKey,
                properties: EnvelopeCodec.properties(
                    of: WireMessage(exchange: "", routingKey: "", envelope: message.envelope, body: message.body)),
                body: message.body)
        }
        unpacked.deliveries.withLock { $0[queue, default: []] += messages.dropFirst() }
        return messages[0]
    }

    /// A queue of the test's own that gets the events of that name.
    func subscribe(to name: String) async throws -> String {
        let queue = TestBroker.uniqueName("subscriber")
        try await administration.declare(
            AMQPTopology(
                queues: [AMQPQueue(name: queue)],
                bindings: [AMQPBinding(exchange: Exchange.events, queue: queue, routingKey: name)]))
        return queue
    }

    static let queue = MessagingTopology.messageQueueName(service)
    static let deadLetters = MessagingTopology.deadLetterQueueName(queue)
}
