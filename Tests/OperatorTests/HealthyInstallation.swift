import Contracts
import Foundation
import Logging
import Postgres
import TestSupport
import Testing

@testable import Operator

/// The databases of a small installation in which everything is as it must be (``HealthyRows``), migrated once for the
/// whole suite. Each test looks at them, with copies of its own of those that it changes.
struct HealthyInstallation: Sendable {
    typealias Database = OperatorEnvironment.Database

    @TaskLocal static var current: HealthyInstallation?

    private let server: PostgresConfiguration
    private let administrator: PostgresClient
    /// Nobody is connected to these, so that they can be copied.
    private let originals: [Database: String]
    /// Copies that nobody changes.
    private let unchanged: OpenDatabases

    private static let silence = Logger(label: "healthy-installation", factory: { _ in SwiftLogNoOpLogHandler() })

    typealias Body = @Sendable (HealthyInstallation) async throws -> Void

    /// Lends the installation.
    static func with(_ body: Body) async throws {
        try await build(Database.allCases, [:], body)
    }

    /// Makes one database after the other, each inside of the loan of those before.
    private static func build(
        _ missing: [Database], _ originals: [Database: String], _ body: Body
    ) async throws {
        guard let database = missing.first else { return try await lend(originals, body) }
        let later = Array(missing.dropFirst())
        if let service = ServiceName(rawValue: database.rawValue) {
            try await ServiceDatabase.with(service, migrations: ServiceMigrations.of(service.rawValue)) {
                try await build(later, finish($0.client, as: database, after: originals), body)
            }
        } else {
            try await withTestDatabase(migrations: ServiceMigrations.ofSandbox()) {
                try await build(later, finish($0, as: database, after: originals), body)
            }
        }
    }

    private static func finish(
        _ client: PostgresClient, as database: Database, after originals: [Database: String]
    ) async throws -> [Database: String] {
        try await fill(client, HealthyRows.statements(database))
        // A database that somebody is connected to cannot be copied.
        await client.close()
        return originals.merging([database: client.configuration.database]) { _, new in new }
    }

    private static func lend(
        _ originals: [Database: String], _ body: Body
    ) async throws {
        var administration = try await TestPostgres.configuration()
        administration.statementTimeout = .seconds(120)
        administration.acquireTimeout = .seconds(120)
        let administrator = PostgresClient(configuration: administration, logger: silence)
        let installation = HealthyInstallation(
            server: administration, administrator: administrator, originals: originals, unchanged: OpenDatabases([:]))
        do {
            try await installation.withCopies(of: Database.allCases) { clients in
                try await body(
                    HealthyInstallation(
                        server: administration, administrator: administrator, originals: originals,
                        unchanged: OpenDatabases(clients)))
            }
        } catch {
            await administrator.close()
            throw error
        }
        await administrator.close()
    }

    /// Changes copies of some databases, and lends them together with the unchanged rest.
    ///
    /// Triggers are off meanwhile, and with them foreign keys and whatever else would not let the change pass; a plant
    /// drops the constraints that remain in its way by itself.
    func changed(
        _ plants: [Database: [String]], _ body: (OpenDatabases) async throws -> Void
    ) async throws {
        try await withCopies(of: Array(plants.keys)) { copies in
            for (database, client) in copies {
                try await Self.fill(client, plants[database] ?? [])
            }
            var clients = copies
            for database in Database.allCases where clients[database] == nil {
                clients[database] = try unchanged.client(database)
            }
            try await body(OpenDatabases(clients))
        }
    }

    private static func fill(_ client: PostgresClient, _ statements: [String]) async throws {
        try await client.withTransaction { transaction in
            try transaction.execute("SET LOCAL session_replication_role = replica")
            for statement in statements { try transaction.execute("\(unescaped: statement)") }
        }
    }

    private func withCopies(
        of databases: [Database], _ body: ([Database: PostgresClient]) async throws -> Void
    ) async throws {
        var copies: [Database: PostgresClient] = [:]
        var failure: (any Error)?
        do {
            for database in databases {
                guard let original = originals[database] else { continue }
                var configuration = server
                configuration.database = "copy_\(UUID().uuidString.lowercased().replacing("-", with: ""))"
                configuration.acquireTimeout = .seconds(60)
                _ = try await administrator.query(
                    "CREATE DATABASE \(unescaped: configuration.database) TEMPLATE \(unescaped: original)")
                copies[database] = PostgresClient(configuration: configuration, logger: Self.silence)
            }
            try await body(copies)
        } catch {
            failure = error
        }
        for client in copies.values {
            await client.close()
            _ = try await administrator.query(
                "DROP DATABASE \(unescaped: client.configuration.database) WITH (FORCE)")
        }
        if let failure { throw failure }
    }
}

/// Gives a suite its ``HealthyInstallation/current``.
struct WithHealthyInstallation: SuiteTrait, TestScoping {
    func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
    ) async throws {
        try await HealthyInstallation.with { installation in
            try await HealthyInstallation.$current.withValue(installation) { try await function() }
        }
    }
}

extension Trait where Self == WithHealthyInstallation {
    static var healthyInstallation: Self { WithHealthyInstallation() }
}
