import AMQP
import Configuration
import Contracts
import Foundation
import Logging
import Messaging
import Metrics
import Postgres
import ServiceLifecycle
import UnixSignals

/// The life of one service's process: read the configuration, build, run, and on SIGTERM finish what was begun.
///
/// Every executable understands three words: `run` (the default), `migrate` and `settings`.
public enum ServiceProcess {
    public typealias Build = @Sendable (ServiceSettings, ServiceResources) throws -> ServiceAssembly

    /// Ends the process when it is done: with 0, or with 1 and one line on standard error.
    public static func run(_ service: ServiceName, build: Build) async {
        do {
            switch CommandLine.arguments.dropFirst().first ?? "run" {
            case "run":
                defer { LogOutput.standardError.flush() }
                try await serve(service, build)
            case "migrate": try await migrate(service, build)
            case "settings": try printSettings(service, build)
            case let word:
                throw SettingError(variable: "'\(word)'", problem: "is not a command; use run, migrate or settings")
            }
        } catch {
            FileHandle.standardError.write(Data("\(service): \(String(reflecting: error))\n".utf8))
            exit(1)
        }
    }

    private static func serve(_ service: ServiceName, _ build: Build) async throws {
        let settings = ServiceSettings(service: service, reader: ConfigReader(provider: EnvironmentVariablesProvider()))
        // A peer or a log reader that has gone is an error of the write, not the end of the process.
        signal(SIGPIPE, SIG_IGN)
        let observability = try Observability(settings)
        observability.logger.info("starting", metadata: ["process": "\(ProcessInfo.processInfo.processIdentifier)"])
        let services = try services(
            settings, build, logger: observability.logger, registry: observability.registry)
        var configuration = ServiceGroupConfiguration(
            services: services.map { .init(service: $0) }, gracefulShutdownSignals: [.sigterm, .sigint],
            logger: observability.logger)
        // Before whoever stops the process loses patience and kills it.
        configuration.maximumGracefulShutdownDuration = .seconds(25)
        try await ServiceGroup(configuration: configuration).run()
    }

    /// What runs in a service's process, in the order of starting. It is stopped in the opposite order, one after the other:
    /// first what brings work in (HTTP), then messages, which finish what was begun, then the database, and last the health
    /// server, so that a process can be asked for as long as it lives.
    static func services(
        _ settings: ServiceSettings, _ build: Build, logger: Logger, registry: PrometheusRegistry,
        onHealthListening: @escaping @Sendable (Int) -> Void = { _ in }
    ) throws -> [any Service] {
        let foundation = try ServiceFoundation(settings, logger: logger)
        let assembly = try build(settings, foundation.resources)
        let messages = MessageService(
            definition: assembly.definition, listener: assembly.listener, connections: foundation.connections)
        let health = HealthServer(
            address: try HealthServer.address(settings), registry: registry,
            checks: foundation.readiness(of: messages) + assembly.readiness, logger: logger,
            onListening: onHealthListening)
        return [health, DatabaseService(client: foundation.database), MessagesService(messages: messages)]
            + assembly.services
    }

    private static func migrate(_ service: ServiceName, _ build: Build) async throws {
        let settings = ServiceSettings(service: service, reader: ConfigReader(provider: EnvironmentVariablesProvider()))
        var logger = Logger(label: service.rawValue)
        logger.logLevel = .warning
        let foundation = try ServiceFoundation(settings, logger: logger)
        let assembly = try build(settings, foundation.resources)
        let ownerURL = try settings.secret(
            "database.owner.url", "The database under the role that owns its tables, for migrate.")
        let own = OtherDatabase(
            ownerURL: ownerURL, migrations: [MessagingSchema.migration] + assembly.definition.migrations)
        for database in [own] + assembly.otherDatabases {
            let client = PostgresClient(
                configuration: try PostgresConfiguration(url: database.ownerURL), logger: logger)
            let applied = try await PostgresMigrator(migrations: database.migrations).migrate(client)
            await client.close()
            print("\(service): \(applied.isEmpty ? "up to date" : "applied " + applied.joined(separator: ", "))")
        }
    }

    private static func printSettings(_ service: ServiceName, _ build: Build) throws {
        for entry in try settings(of: service, build: build) {
            print("\(entry.variable) (\(entry.allowed); \(entry.defaultValue.map { "default \($0)" } ?? "required"))")
            print("    \(entry.documentation)")
        }
    }

    /// Every key a service reads, without needing any of them.
    public static func settings(of service: ServiceName, build: Build) throws -> [ServiceSettings.Entry] {
        let settings = ServiceSettings(
            service: service, reader: ConfigReader(provider: InMemoryProvider(values: [:])), isDocumenting: true)
        _ = try Observability.level(settings)
        _ = try HealthServer.address(settings)
        _ = try settings.secret(
            "database.owner.url", "The database under the role that owns its tables, for migrate.")
        let foundation = try ServiceFoundation(settings, logger: Logger(label: service.rawValue))
        _ = try build(settings, foundation.resources)
        return settings.entries
    }
}

/// What every service stands on: its database, its broker, and the clock.
public struct ServiceFoundation: Sendable {
    public let database: PostgresClient
    public let connections: MessagingConnections
    public let resources: ServiceResources

    public init(_ settings: ServiceSettings, logger: Logger, moments: MomentSource = .system) throws {
        let databaseKey = "database.url"
        let databaseURL = try settings.secret(databaseKey, "The service's own database under its runtime role.")
        var databaseConfiguration: PostgresConfiguration
        do {
            databaseConfiguration = try PostgresConfiguration(url: databaseURL)
        } catch let error as PostgresError {
            throw SettingError(variable: ServiceSettings.variable(databaseKey), problem: "is refused: \(error.message)")
        }
        databaseConfiguration.maximumConnections = try settings.integer(
            "database.connections", default: 8, in: 2...100, "The most connections one process opens.")
        databaseConfiguration.applicationName = "voelgoed \(settings.service)"
        databaseConfiguration.planning = .onceByIndex
        let brokerKey = "rabbitmq.url"
        let brokerURL = try settings.secret(
            brokerKey, "The broker: amqp://user:password@host:port/vhost, or amqps; several hosts separated by commas.")
        let broker: AMQPConfiguration
        do {
            broker = try AMQPConfiguration(url: brokerURL)
        } catch {
            throw SettingError(variable: ServiceSettings.variable(brokerKey), problem: "is refused: \(error.message)")
        }
        database = PostgresClient(configuration: databaseConfiguration, logger: logger)
        connections = MessagingConnections(
            service: settings.service, broker: broker, database: database, moments: moments, logger: logger)
        resources = ServiceResources(
            logger: logger, moments: moments, database: database, requests: connections.requests,
            unitOfWork: connections.unitOfWork)
    }

    func readiness(of messages: MessageService) -> [ReadinessCheck] {
        [
            ReadinessCheck("database") { [database] in
                do {
                    _ = try await database.query("SELECT 1")
                    return nil
                } catch {
                    return "it does not answer"
                }
            },
            ReadinessCheck("broker") { messages.isConnected ? nil : "not every connection is up" },
        ]
    }
}

/// Keeps the pool healthy for as long as anything uses it.
private struct DatabaseService: Service {
    let client: PostgresClient

    func run() async throws {
        try await cancelWhenGracefulShutdown {
            try await client.run()
        }
    }
}

private struct MessagesService: Service {
    let messages: MessageService

    func run() async throws {
        try await withGracefulShutdownHandler {
            try await messages.run()
        } onGracefulShutdown: {
            messages.stop()
        }
    }
}
