import Foundation
import Postgres
import TestSupport
import Testing

@Suite("Migrations", .timeLimit(.minutes(5)))
struct PostgresMigratorTests {
    private static let first = PostgresMigration(
        name: "0001_create_holds",
        sql: """
            -- Several statements, a function body with semicolons, and quotes.
            CREATE TABLE holds (id bigint PRIMARY KEY, note text DEFAULT 'a;b');
            CREATE FUNCTION twice(n bigint) RETURNS bigint LANGUAGE plpgsql AS $$
            BEGIN RETURN n * 2; END; $$;
            INSERT INTO holds (id) VALUES (twice(21));
            """)
    private static let second = PostgresMigration(
        name: "0002_add_state", sql: "ALTER TABLE holds ADD COLUMN state text NOT NULL DEFAULT 'held'")
    private static let broken = PostgresMigration(
        name: "0003_broken", sql: "CREATE TABLE half (id bigint); SELECT 1 / 0")

    private func migrate(_ client: PostgresClient, _ migrations: PostgresMigration...) async throws -> [String] {
        try await PostgresMigrator(migrations: migrations).migrate(client)
    }

    private func refusal(_ client: PostgresClient, _ migrations: PostgresMigration...) async -> PostgresError? {
        await #expect(throws: PostgresError.self) { try await PostgresMigrator(migrations: migrations).migrate(client) }
    }

    @Test("What is missing is applied in order, and nothing twice")
    func apply() async throws {
        try await withTestDatabase { client in
            #expect(try await migrate(client, Self.first) == ["0001_create_holds"])
            #expect(try await migrate(client, Self.first) == [])
            #expect(try await migrate(client, Self.first, Self.second) == ["0002_add_state"])
            let rows = try await client.query("SELECT id, note, state FROM holds")
            let (id, note, state) = try rows.decodeOne((Int, String, String).self)
            #expect(id == 42 && note == "a;b" && state == "held")
            let recorded = try await client.query("SELECT checksum FROM schema_migrations ORDER BY name")
            #expect(try recorded.decode(String.self).allSatisfy { $0.wholeMatch(of: /[0-9a-f]{64}/) != nil })
        }
    }

    @Test("A migration that fails leaves nothing behind, and those before it stay")
    func failure() async throws {
        try await withTestDatabase { client in
            let error = await refusal(client, Self.first, Self.broken)
            #expect(error?.sqlState == "22012")
            #expect(String(reflecting: error).contains("0003_broken"))
            let names = try await client.query("SELECT name FROM schema_migrations")
            #expect(try names.decode(String.self) == ["0001_create_holds"])
            #expect(try await client.query("SELECT to_regclass('half') IS NULL").decodeOne(Bool.self))
            #expect(try await migrate(client, Self.first, Self.second) == ["0002_add_state"])
        }
    }

    @Test("A file that was changed after it was applied is refused")
    func changed() async throws {
        try await withTestDatabase { client in
            _ = try await migrate(client, Self.first)
            let changed = PostgresMigration(name: Self.first.name, sql: Self.first.sql + " ")
            let error = await refusal(client, changed, Self.second)
            #expect(error?.code == .migration)
            #expect(error?.message.contains("0001_create_holds was changed") == true)
        }
    }

    @Test("An applied file that the program does not have is refused")
    func unknown() async throws {
        try await withTestDatabase { client in
            _ = try await migrate(client, Self.first, Self.second)
            let error = await refusal(client, Self.first)
            #expect(error?.code == .migration)
            #expect(error?.message.contains("0002_add_state") == true)
        }
    }

    @Test("Names out of order are refused, in the program and against the database")
    func order() async throws {
        try await withTestDatabase { client in
            #expect(await refusal(client, Self.second, Self.first)?.code == .migration)
            #expect(await refusal(client, Self.first, Self.first)?.code == .migration)
            #expect(await refusal(client, PostgresMigration(name: "create holds", sql: ""))?.code == .migration)
            let later = PostgresMigration(name: "0009_later", sql: "SELECT 1")
            _ = try await migrate(client, Self.first, later)
            let error = await refusal(client, Self.first, Self.second, later)
            #expect(error?.code == .migration)
            #expect(error?.message.contains("0002_add_state comes before 0009_later") == true)
        }
    }

    @Test("A file that ends the transaction by itself is refused")
    func ownCommit() async throws {
        try await withTestDatabase { client in
            let error = await refusal(client, PostgresMigration(name: "0001_commit", sql: "SELECT 1; COMMIT;"))
            #expect(error?.code == .misuse)
            let names = try await client.query("SELECT to_regclass('schema_migrations') IS NULL")
            _ = try names.decodeOne(Bool.self)
        }
    }

    @Test("Of migrators that start together each migration is applied by exactly one")
    func concurrent() async throws {
        try await withTestDatabase { client in
            let migrations =
                [Self.first, Self.second]
                + (3...12).map {
                    PostgresMigration(
                        name: $0 < 10 ? "000\($0)_step" : "00\($0)_step", sql: "CREATE TABLE step_\($0) (id bigint)")
                }
            let applied = try await withThrowingTaskGroup(of: [String].self) { group in
                for _ in 0..<4 {
                    group.addTask { try await PostgresMigrator(migrations: migrations).migrate(client) }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            #expect(applied.sorted() == migrations.map(\.name))
        }
    }

    @Test("A migration may take longer than an ordinary statement")
    func slow() async throws {
        try await withTestDatabase(configure: { $0.statementTimeout = .milliseconds(100) }) { client in
            let slow = PostgresMigration(name: "0001_slow", sql: "SELECT pg_sleep(0.5)")
            let applied = try await migrate(client, slow)
            #expect(applied == ["0001_slow"])
            let impatient = PostgresMigrator(
                migrations: [slow, PostgresMigration(name: "0002_slower", sql: "SELECT pg_sleep(60)")],
                statementTimeout: .milliseconds(200))
            let error = await #expect(throws: PostgresError.self) { try await impatient.migrate(client) }
            #expect(error?.code == .cancelled)
        }
    }

    @Test("The status tells what is applied, pending, changed and unknown")
    func status() async throws {
        try await withTestDatabase(configure: { $0.maximumConnections = 1 }) { client in
            let migrator = PostgresMigrator(migrations: [Self.first, Self.second])
            #expect(try await migrator.status(client).map(\.state) == [.pending, .pending])
            _ = try await migrate(client, Self.first)
            let status = try await migrator.status(client)
            #expect(status.map(\.name) == ["0001_create_holds", "0002_add_state"])
            guard case .applied = status[0].state, status[1].state == .pending else {
                Issue.record("\(status)")
                return
            }
            let other = PostgresMigrator(migrations: [Self.second])
            guard case .unknown = try await other.status(client)[1].state else {
                Issue.record("not unknown")
                return
            }
            let changed = PostgresMigrator(migrations: [PostgresMigration(name: Self.first.name, sql: "")])
            guard case .changed = try await changed.status(client)[0].state else {
                Issue.record("not changed")
                return
            }
        }
    }
}
