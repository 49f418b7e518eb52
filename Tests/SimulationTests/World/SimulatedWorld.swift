import AMQP
import Configuration
import Contracts
import Foundation
import Logging
import Messaging
import Postgres
import ServiceRuntime

@testable import Analytics
@testable import Coordinator
@testable import Gateway
@testable import Messaging
@testable import Notifications
@testable import Operator
@testable import Payments
@testable import Scanning
@testable import ServiceRuntime
@testable import Ticketing

/// What runs share: the databases, and what is too heavy to build for each process.
@SimulationActor
final class SimulatedWorld {
    /// The services that run; the Gateway's place is taken by actors.
    static let services: [ServiceName] = [
        .ticketing, .payments, .scanning, .notifications, .analytics, .coordinator,
    ]

    let databases: SimulatedDatabases
    private let requester: AMQPRequester
    private let broker: AMQPConfiguration

    private init(databases: SimulatedDatabases) throws {
        self.databases = databases
        // Nobody connects to it.
        broker = try AMQPConfiguration(url: "amqp://nobody:nothing@127.0.0.1:1/nowhere")
        requester = AMQPRequester(configuration: broker, logger: SimulatedDatabases.quiet)
    }

    static func create(for mutation: Mutation? = nil) async throws -> SimulatedWorld {
        let databases = try await SimulatedDatabases.create(migrations: [
            .gateway: [MessagingSchema.migration] + gatewayMigrations,
            .ticketing: [MessagingSchema.migration] + ticketingMigrations,
            .payments: [MessagingSchema.migration] + paymentsMigrations,
            .scanning: [MessagingSchema.migration] + scanningMigrations,
            .notifications: [MessagingSchema.migration] + notificationsMigrations,
            .analytics: [MessagingSchema.migration] + analyticsMigrations,
            .coordinator: [MessagingSchema.migration] + coordinatorMigrations,
            .sandboxProvider: sandboxMigrations,
        ])
        for (database, statement) in mutation?.statements ?? [] {
            _ = try await databases.client(database).query("\(unescaped: statement)")
        }
        return try SimulatedWorld(databases: databases)
    }

    /// A service as its own build makes it.
    func assembly(
        of service: ServiceName, holdSeconds: Int, moments: MomentSource, unitOfWork: UnitOfWork,
        outside: SimulatedOutside
    ) throws -> ServiceAssembly {
        let database = try databases.client(of: service)
        let resources = ServiceResources(
            logger: SimulatedDatabases.quiet, moments: moments, database: database,
            requests: RequestClient(requester: requester, service: service, moments: moments), unitOfWork: unitOfWork)
        let settings = Self.settings(of: service, holdSeconds: holdSeconds)
        switch service {
        case .ticketing: return try buildTicketing(settings, resources)
        case .payments:
            return buildPayments(
                try PaymentsConfiguration(settings), resources,
                sandboxDatabase: try databases.client(.sandboxProvider), pause: Performance.pause)
        case .scanning: return try buildScanning(settings, resources)
        case .analytics: return try buildAnalytics(settings, resources)
        case .coordinator: return try buildCoordinator(settings, resources)
        case .notifications:
            return try buildNotifications(
                try NotificationsConfiguration(settings), resources, relay: outside.relay, carrier: outside.receiver)
        case .gateway: throw SimulationError("the Gateway is not simulated")
        }
    }

    private static func settings(of service: ServiceName, holdSeconds: Int) -> ServiceSettings {
        ServiceSettings(
            service: service,
            reader: ConfigReader(
                provider: InMemoryProvider(values: [
                    "voelgoed.hold.seconds": .init(stringLiteral: String(holdSeconds)),
                    "voelgoed.inventory.partitions": "3",
                    "voelgoed.ticket.signing.secret": "simulated-secret-of-more-than-32-bytes",
                    "voelgoed.sandbox.database.url": "postgres://nobody@127.0.0.1:1/nowhere",
                    "voelgoed.smtp.url": "smtp://127.0.0.1:1",
                    "voelgoed.public.url": "http://127.0.0.1",
                    "voelgoed.webhook.allow.loopback": "true",
                ])))
    }
}
