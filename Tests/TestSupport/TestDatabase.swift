import Foundation
import Logging
import Postgres

/// The PostgreSQL server that tests share when they do not harm it. Each test has a database of its own in it.
public enum TestPostgres {
    /// The environment variable with the URL of a superuser.
    public static let variable = "VOELGOED_TEST_POSTGRES_URL"

    // Unstructured, because all tests of the process share the one start; a lazy static runs it once.
    private static let ownServer = Task { try await PrivatePostgres.start() }

    /// The configuration from the environment, or else of a private server that is started once for the test process.
    public static func configuration() async throws -> PostgresConfiguration {
        if let url = ProcessInfo.processInfo.environment[variable] {
            return try PostgresConfiguration(url: url)
        }
        return try await ownServer.value.configuration
    }
}

/// Lends a client of a new, empty database, which goes away afterwards.
///
/// - Parameters:
///   - migrations: applied before `body` runs.
///   - configure: changes the client's settings.
public func withTestDatabase(
    migrations: [PostgresMigration] = [], configure: (inout PostgresConfiguration) -> Void = { _ in },
    _ body: (PostgresClient) async throws -> Void
) async throws {
    try await withTestDatabase(
        on: TestPostgres.configuration(), migrations: migrations, configure: configure, body)
}

/// Lends a client of a new, empty database on that server, which goes away afterwards.
public func withTestDatabase(
    on server: PostgresConfiguration, migrations: [PostgresMigration] = [],
    configure: (inout PostgresConfiguration) -> Void = { _ in }, _ body: (PostgresClient) async throws -> Void
) async throws {
    // Its warnings about servers that tests stop on purpose would only hide others.
    let logger = Logger(label: "test-database", factory: { _ in SwiftLogNoOpLogHandler() })
    var administration = server
    administration.maximumConnections = 1
    administration.acquireTimeout = .seconds(60)
    administration.statementTimeout = .seconds(120)
    let administrator = PostgresClient(configuration: administration, logger: logger)
    let name = "test_\(UUID().uuidString.lowercased().replacing("-", with: ""))"
    do {
        _ = try await administrator.query("CREATE DATABASE \(unescaped: name)")
        var configuration = server
        configuration.database = name
        // The machine may be busy with other tests.
        configuration.acquireTimeout = .seconds(30)
        // As services do it.
        configuration.planning = .onceByIndex
        configure(&configuration)
        let client = PostgresClient(configuration: configuration, logger: logger)
        let outcome: Result<Void, any Error>
        do {
            if !migrations.isEmpty { try await PostgresMigrator(migrations: migrations).migrate(client) }
            outcome = .success(try await body(client))
        } catch {
            outcome = .failure(error)
        }
        await client.close()
        do {
            _ = try await administrator.query("DROP DATABASE \(unescaped: name) WITH (FORCE)")
        } catch {
            // The test's own failure says more.
            try outcome.get()
            throw error
        }
        try outcome.get()
    } catch {
        await administrator.close()
        throw error
    }
    await administrator.close()
}
