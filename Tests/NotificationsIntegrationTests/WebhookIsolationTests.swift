import AMQP
import Contracts
import Curl
import Foundation
import Logging
import Postgres
import TestSupport
import Testing

@testable import Messaging
@testable import Notifications

/// The whole service over a real broker and database, with an endpoint that hangs until the timeout each time.
///
/// `VOELGOED_TEST_WEBHOOK_HANG_SECONDS` makes the hang longer (30 for the real thing); what is measured then lasts two hangs.
@Suite("A slow endpoint beside one that answers", .timeLimit(.minutes(10)))
struct WebhookIsolationTests {
    private static let hang = Duration.seconds(
        ProcessInfo.processInfo.environment["VOELGOED_TEST_WEBHOOK_HANG_SECONDS"].flatMap { Int($0) } ?? 2)
    private static let rounds = 300
    private static let backlog = 400
    /// What a shared machine may add to any delay.
    private static let floor = Duration.milliseconds(250)
    private static let logger = Logger(label: "notifications-tests", factory: { _ in SwiftLogNoOpLogHandler() })

    private let organizationID = OrganizationID(UUID())

    @Test("The second one's p99 delay stays within twice its value alone")
    func isolation() async throws {
        let slow = try await LocalServer(script: PackageResources.webhook_server_py)
        let fast = try await LocalServer(script: PackageResources.webhook_server_py)
        try await withService { database, broker in
            try await register("http://127.0.0.1:\(fast.port)/ok", in: database)
            let alone = try await measure(broker, fast, atLeast: .zero)
            let slowID = try await register("http://127.0.0.1:\(slow.port)/never", in: database)
            for _ in 0..<Self.backlog { try await expire(broker) }
            for _ in 0..<Self.backlog { _ = try await fast.nextLine() }
            #expect(try await waiting(for: slowID, in: database) >= Self.backlog / 2)
            let beside = try await measure(broker, fast, atLeast: Self.hang * 2)
            #expect(try await waiting(for: slowID, in: database) >= Self.backlog / 2)
            #expect(try await attempts(at: slowID, in: database) > 0)
            #expect(beside.p99 <= alone.p99 * 2 + Self.floor)
            print(
                "webhook delay p99: alone \(alone.p99) over \(alone.count), beside an endpoint that hangs for "
                    + "\(Self.hang): \(beside.p99) over \(beside.count)")
        }
    }

    private func withService(
        _ body: @Sendable (ServiceDatabase, AMQPAdministration) async throws -> Void
    ) async throws {
        try await TestVirtualHost.with { host in
            try await ServiceDatabase.with(
                .notifications, migrations: [MessagingSchema.migration] + notificationsMigrations
            ) { database in
                var definition = ServiceDefinition(name: .notifications, migrations: [])
                definition.on(CheckoutEndedHandler())
                let lanes = EndpointLanes(
                    width: 16, slowness: min(Self.hang / 3, EndpointLanes.slowness), maximumWaiting: 64)
                definition.perform(AnnounceWebhooksJob(lanes: lanes))
                definition.perform(
                    DeliverWebhookJob(
                        database: database.client,
                        carrier: HTTPSender(
                            policy: .publicInternetAndLoopback, userAgent: "test", maximumConcurrent: 256),
                        lanes: lanes, schedule: .standard, timeout: Self.hang, concurrency: 256))
                definition.sweep(ParkedDeliveriesSweep())
                let service = MessageService(
                    definition: definition,
                    connections: MessagingConnections(
                        service: .notifications, broker: host.configuration, database: database.client,
                        moments: .system, logger: Self.logger))
                let administration = AMQPAdministration(configuration: host.configuration, logger: Self.logger)
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask { try await service.run() }
                    do {
                        try await service.waitUntilConnected()
                        try await body(database, administration)
                    } catch {
                        group.cancelAll()
                        await administration.close()
                        throw error
                    }
                    service.stop()
                    try await group.waitForAll()
                }
                await administration.close()
            }
        }
    }

    @discardableResult
    private func register(_ url: String, in database: ServiceDatabase) async throws -> WebhookEndpointID {
        let id = WebhookEndpointID(UUID())
        _ = try await database.ask(
            [CreateWebhookEndpoint(endpointID: id, url: url, eventTypes: [.checkoutExpired])],
            of: CreateWebhookEndpointHandler(urlCheck: NotificationsScene.urlCheck), organizationID: organizationID,
            at: Timestamp(Date()))
        return id
    }

    /// Lets a checkout expire, as the Coordinator says it.
    private func expire(_ broker: AMQPAdministration) async throws {
        var change = CheckoutEnded.example
        change.checkout.id = CheckoutID(UUID())
        change.checkout.state = .expired
        let (exchange, routingKey) = MessageRouting.destination(of: change)
        let wire = WireMessage(
            exchange: exchange, routingKey: routingKey,
            envelope: Envelope(
                id: UUID(), type: CheckoutEnded.name, occurredAt: Timestamp(Date()), organizationID: organizationID,
                appID: "coordinator"),
            body: try MessageCodec.encode(change))
        let message = AMQPMessage(
            exchange: wire.exchange, routingKey: wire.routingKey, properties: EnvelopeCodec.properties(of: wire),
            body: wire.body)
        for result in try await broker.publish([message]) {
            if let error = result.error { throw error }
        }
    }

    /// One event after the other, each from its happening to its arrival.
    private func measure(
        _ broker: AMQPAdministration, _ receiver: LocalServer, atLeast duration: Duration
    ) async throws -> (p99: Duration, count: Int) {
        let start = ContinuousClock.now
        var delays: [Duration] = []
        while delays.count < Self.rounds || ContinuousClock.now - start < duration {
            try await expire(broker)
            let request = try JSONDecoder().decode(
                ReceivedWebhook.self, from: Data(try await receiver.nextLine().utf8))
            let payload = try MessageCodec.decode(JSONValue.self, from: Array(request.body.utf8))
            guard case .string(let text)? = payload["timestamp"], let happened = Timestamp(text) else {
                throw NotificationsScene.Missing(what: "timestamp")
            }
            delays.append(Timestamp(Date(timeIntervalSince1970: request.receivedAt)).since(happened))
        }
        delays.sort()
        return (delays[delays.count * 99 / 100], delays.count)
    }

    private func waiting(for id: WebhookEndpointID, in database: ServiceDatabase) async throws -> Int {
        try await database.client.query(
            "SELECT count(*) FROM webhook_delivery_logs WHERE endpoint_id = \(id) AND status = 'pending'"
        ).decodeOne(Int.self)
    }

    private func attempts(at id: WebhookEndpointID, in database: ServiceDatabase) async throws -> Int {
        try await database.client.query(
            """
            SELECT count(*) FROM webhook_attempts JOIN webhook_delivery_logs AS delivery ON delivery.id = delivery_id
            WHERE delivery.endpoint_id = \(id)
            """
        ).decodeOne(Int.self)
    }
}
