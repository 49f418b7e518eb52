import Contracts
import Foundation
import Logging
import Messaging
import Postgres
import TestSupport

@testable import Operator

/// The databases of all services on a real server: made once, emptied before each run.
@SimulationActor
final class SimulatedDatabases {
    typealias Database = OperatorEnvironment.Database

    static let quiet = Logger(label: "simulation", factory: { _ in SwiftLogNoOpLogHandler() })

    private let administrator: PostgresClient
    private let clients: [Database: PostgresClient]
    private var dueTimes: [Database: String] = [:]

    private init(administrator: PostgresClient, clients: [Database: PostgresClient]) {
        self.administrator = administrator
        self.clients = clients
    }

    /// Makes the databases.
    static func create(migrations: [Database: [PostgresMigration]]) async throws -> SimulatedDatabases {
        let server = try await TestPostgres.configuration()
        var administration = server
        administration.maximumConnections = 1
        administration.acquireTimeout = .seconds(60)
        administration.statementTimeout = .seconds(120)
        let administrator = PostgresClient(configuration: administration, logger: quiet)
        let tag = UUID().uuidString.lowercased().prefix(8)
        var clients: [Database: PostgresClient] = [:]
        for database in Database.allCases {
            let name = "simulation_\(tag)_\(database.rawValue)"
            _ = try await administrator.query("CREATE DATABASE \(unescaped: name)")
            var configuration = server
            configuration.database = name
            configuration.maximumConnections = 2
            configuration.acquireTimeout = .seconds(60)
            clients[database] = PostgresClient(configuration: configuration, logger: quiet)
        }
        let databases = SimulatedDatabases(administrator: administrator, clients: clients)
        for database in Database.allCases {
            try await databases.prepare(database, migrations[database] ?? [])
        }
        return databases
    }

    func client(_ database: Database) throws -> PostgresClient {
        guard let client = clients[database] else { throw SimulationError("there is no database \(database.rawValue)") }
        return client
    }

    func client(of service: ServiceName) throws -> PostgresClient {
        guard let database = Database(rawValue: service.rawValue) else {
            throw SimulationError("\(service) has no database")
        }
        return try client(database)
    }

    func database(named name: String) -> Database? {
        Database.allCases.first { clients[$0]?.configuration.database == name }
    }

    var all: OpenDatabases { OpenDatabases(clients) }

    func drop() async throws {
        for database in Database.allCases {
            guard let client = clients[database] else { continue }
            await client.close()
            _ = try await administrator.query(
                "DROP DATABASE \(unescaped: client.configuration.database) WITH (FORCE)")
        }
        await administrator.close()
    }

    private func prepare(_ database: Database, _ migrations: [PostgresMigration]) async throws {
        let client = try client(database)
        let name = database.rawValue
        let roles = "\"\(name)\", \"\(name)_tenant\""
        try await ServiceDatabase.createRoles(of: name, client)
        for sql in [
            "GRANT USAGE ON SCHEMA public TO \(roles)",
            "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO \(roles)",
            "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE ON SEQUENCES TO \(roles)",
        ] {
            _ = try await client.query("\(unescaped: sql)")
        }
        _ = try await PostgresMigrator(migrations: migrations).migrate(client)
        let tables = try await client.query(
            """
            SELECT tablename::text FROM pg_tables
            WHERE schemaname = 'public' AND tablename <> 'schema_migrations' ORDER BY tablename
            """
        ).decode(String.self)
        for table in tables {
            // Cleaning up at its own time would change where rows lie, and with it the order in which they are found.
            _ = try await client.query("ALTER TABLE \(unescaped: table) SET (autovacuum_enabled = off)")
        }
        dueTimes[database] = try await dueTimesQuery(client)
        if database == .notifications {
            // What waits for room at its endpoint has no job.
            dueTimes[database]? +=
                " UNION ALL SELECT 'parked', min(next_attempt_at) FROM webhook_delivery_logs WHERE is_parked"
        }
    }

    /// Asks each table that has due times for the earliest one.
    private func dueTimesQuery(_ client: PostgresClient) async throws -> String? {
        let tables = try await client.query(
            """
            SELECT table_name::text, bool_or(column_name = 'deliveries')
            FROM information_schema.columns WHERE table_schema = 'public'
            GROUP BY table_name HAVING bool_or(column_name = 'due_at') ORDER BY table_name
            """
        ).decode((String, Bool).self)
        guard !tables.isEmpty else { return nil }
        return tables.map { table, countsDeliveries in
            // What a provider has told often enough stays in its book.
            "SELECT '\(table)', min(due_at) FROM \(table)" + (countsDeliveries ? " WHERE delivered < deliveries" : "")
        }.joined(separator: " UNION ALL ")
    }

    /// Empties every table that was written to, so that it is as if it were new.
    func reset() async throws {
        for database in Database.allCases {
            try await client(database).withTransaction { transaction in
                let used = try transaction.query(
                    """
                    SELECT relname::text FROM pg_class
                    WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname <> 'schema_migrations'
                        AND pg_relation_size(oid) > 0 ORDER BY relname
                    """
                ).decode(String.self)
                guard !used.isEmpty else { return }
                try transaction.execute("SET LOCAL session_replication_role = replica")
                // Whatever refers to an emptied table has to be emptied with it, if only in the eyes of the server.
                try transaction.execute(
                    "TRUNCATE \(unescaped: used.joined(separator: ", ")) RESTART IDENTITY CASCADE")
            }
        }
    }

    /// The tables of a database in which something waits for its time, with the earliest of these times.
    func dueTimes(_ database: Database) async throws -> [(table: String, time: Timestamp)] {
        guard let sql = dueTimes[database] else { return [] }
        return try await client(database).query("\(unescaped: sql)").decode((String, Timestamp?).self)
            .compactMap { table, time in time.map { (table, $0) } }
    }
}
