import AMQP
import Contracts
import Foundation
import Logging
import Postgres

/// The addresses of an installation, from the environment that `deploy/voelgoed` sets.
struct OperatorEnvironment: Sendable {
    private let variables: [String: String]

    init(_ variables: [String: String] = ProcessInfo.processInfo.environment) {
        self.variables = variables
    }

    /// - Throws: ``OperatorError`` that names the missing variable.
    func value(_ name: String) throws -> String {
        guard let value = optionalValue(name) else {
            throw OperatorError(
                "\(name) is not set. Run this through deploy/voelgoed, or set it to the installation's.")
        }
        return value
    }

    /// Nil when the variable is absent or empty.
    func optionalValue(_ name: String) -> String? {
        variables[name].flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The databases that the checks read.
    enum Database: String, CaseIterable, Sendable {
        case gateway, ticketing, payments, scanning, notifications, analytics, coordinator
        case sandboxProvider = "sandbox_provider"

        /// The databases of services, which have the runtime's tables (outbox, jobs).
        static let ofServices = allCases.filter { $0 != .sandboxProvider }
    }

    /// A client of one service's database. The operator's role there may only read.
    func client(_ database: Database) throws -> PostgresClient {
        let url = try value("VOELGOED_\(database.rawValue.uppercased())_DATABASE_URL")
        var configuration = try PostgresConfiguration(url: url)
        configuration.maximumConnections = 2
        configuration.applicationName = "voelgoed operator"
        configuration.statementTimeout = .seconds(300)
        return PostgresClient(configuration: configuration, logger: Self.quiet)
    }

    func withDatabase<R>(_ database: Database, _ body: (PostgresClient) async throws -> R) async throws -> R {
        let client = try client(database)
        do {
            let result = try await body(client)
            await client.close()
            return result
        } catch {
            await client.close()
            throw error
        }
    }

    /// Lends all databases at once; each is connected to at its first use.
    func withDatabases<R>(_ body: (OpenDatabases) async throws -> R) async throws -> R {
        let databases = OpenDatabases(
            Dictionary(uniqueKeysWithValues: try Database.allCases.map { ($0, try client($0)) }))
        do {
            let result = try await body(databases)
            await databases.close()
            return result
        } catch {
            await databases.close()
            throw error
        }
    }

    func withBroker<R>(_ body: (AMQPAdministration) async throws -> R) async throws -> R {
        let administration = AMQPAdministration(
            configuration: try AMQPConfiguration(
                url: value("VOELGOED_RABBITMQ_URL"), connectionName: "voelgoed operator"), logger: Self.quiet)
        do {
            let result = try await body(administration)
            await administration.close()
            return result
        } catch {
            await administration.close()
            throw error
        }
    }

    /// The tool prints results; what libraries log is only of use when it is an error.
    static let quiet: Logger = {
        var logger = Logger(label: "operator")
        logger.logLevel = .critical
        return logger
    }()
}
