import Foundation
import Postgres
import TestSupport
import Testing

@Suite("Faults of the connection and the server", .timeLimit(.minutes(5)))
struct PostgresFaultTests {
    private static let log = [
        PostgresMigration(name: "0001_create_log", sql: "CREATE TABLE log (line text)")
    ]

    /// Makes COMMIT do something, by a constraint trigger that runs then.
    private func atCommit(_ sql: String, on client: PostgresClient) async throws {
        _ = try await client.query(
            """
            CREATE FUNCTION at_commit() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN \(unescaped: sql); RETURN NULL; END $$
            """)
        _ = try await client.query(
            """
            CREATE CONSTRAINT TRIGGER at_commit AFTER INSERT ON log DEFERRABLE INITIALLY DEFERRED
            FOR EACH ROW EXECUTE FUNCTION at_commit()
            """)
    }

    @Test("A connection that is ended in the middle of a transaction fails it retriably, and the pool recovers")
    func terminatedInTransaction() async throws {
        try await withTestDatabase(migrations: Self.log, configure: { $0.maximumConnections = 2 }) { client in
            let error = await #expect(throws: PostgresError.self) {
                try await client.withTransaction { transaction in
                    try transaction.execute("INSERT INTO log VALUES ('lost')")
                    try transaction.query("SELECT pg_terminate_backend(pg_backend_pid())")
                }
            }
            #expect(error?.code == .connectionLost)
            #expect(error?.sqlState == "57P01")
            #expect(error?.isRetriable == true)
            for _ in 0..<3 {
                let count = try await client.query("SELECT count(*) FROM log").decodeOne(Int.self)
                #expect(count == 0)
            }
        }
    }

    @Test("A connection that is ended between two statements fails the next one retriably")
    func terminatedBetweenStatements() async throws {
        try await withTestDatabase(migrations: Self.log, configure: { $0.maximumConnections = 2 }) { client in
            let gate = Gate()
            let body: @Sendable (PostgresTransaction) throws -> Void = { transaction in
                try transaction.execute("INSERT INTO log VALUES ('victim')")
                gate.pass()
                try transaction.execute("INSERT INTO log VALUES ('after')")
            }
            async let victim: Void = client.withTransaction(body)
            await gate.arrived()
            try await terminateOthers(client)
            gate.open()
            do {
                try await victim
                Issue.record("the transaction committed")
            } catch let error as PostgresError {
                #expect(error.code == .connectionLost)
                #expect(error.isRetriable)
            }
            #expect(try await client.query("SELECT count(*) FROM log").decodeOne(Int.self) == 0)
        }
    }

    @Test("A connection that is ended before COMMIT is sent keeps nothing for certain")
    func terminatedBeforeCommit() async throws {
        try await withTestDatabase(migrations: Self.log, configure: { $0.maximumConnections = 2 }) { client in
            let gate = Gate()
            let body: @Sendable (PostgresTransaction) throws -> Void = { transaction in
                try transaction.execute("INSERT INTO log VALUES ('victim')")
                gate.pass()
            }
            async let victim: Void = client.withTransaction(body)
            await gate.arrived()
            try await terminateOthers(client)
            gate.open()
            do {
                try await victim
                Issue.record("the transaction committed")
            } catch let error as PostgresError {
                // The server's last words have come, so that COMMIT was not sent and there is no doubt.
                #expect(error.code == .connectionLost)
                #expect(error.isRetriable)
            }
            #expect(try await client.query("SELECT count(*) FROM log").decodeOne(Int.self) == 0)
        }
    }

    /// Ends the other connections to the database and waits until they are gone.
    private func terminateOthers(_ client: PostgresClient) async throws {
        _ = try await client.query(
            """
            SELECT pg_terminate_backend(pid) FROM pg_stat_activity
            WHERE datname = current_database() AND pid <> pg_backend_pid()
            """)
        try await eventually {
            try await client.query(
                "SELECT count(*) = 1 FROM pg_stat_activity WHERE datname = current_database()"
            ).decodeOne(Bool.self)
        }
    }

    @Test("Connections that ended while idle are replaced without anybody noticing")
    func terminatedIdle() async throws {
        try await withTestDatabase(migrations: Self.log, configure: { $0.maximumConnections = 4 }) { client in
            let gate = Gate()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<4 { group.addTask { try await client.withTransaction { _ in gate.pass() } } }
                for _ in 0..<4 { await gate.arrived() }
                for _ in 0..<4 { gate.open() }
                try await group.waitForAll()
            }
            #expect(client.statistics.idle == 4)
            try await terminateOthers(client)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<8 {
                    group.addTask {
                        try await client.withTransaction { _ = try $0.execute("INSERT INTO log VALUES ('x')") }
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await client.query("SELECT count(*) FROM log").decodeOne(Int.self) == 8)
        }
    }

    @Test("A connection that ends while the server commits leaves the outcome unknown")
    func terminatedAtCommit() async throws {
        try await withTestDatabase(migrations: Self.log) { client in
            try await atCommit("PERFORM pg_terminate_backend(pg_backend_pid())", on: client)
            let error = await #expect(throws: PostgresError.self) {
                try await client.withTransaction { try $0.execute("INSERT INTO log VALUES ('perhaps')") }
            }
            #expect(error?.code == .commitOutcomeUnknown)
            #expect(error?.isRetriable == false)
            let single = await #expect(throws: PostgresError.self) {
                try await client.query("INSERT INTO log VALUES ('perhaps')")
            }
            #expect(single?.code == .commitOutcomeUnknown)
            #expect(try await client.query("SELECT count(*) FROM log").decodeOne(Int.self) == 0)
        }
    }

    @Test("A SELECT outside of a transaction whose connection ends may be retried")
    func terminatedSelect() async throws {
        try await withTestDatabase { client in
            let error = await #expect(throws: PostgresError.self) {
                try await client.query("SELECT pg_terminate_backend(pg_backend_pid())")
            }
            #expect(error?.code == .connectionLost)
        }
    }

    @Test("A crash of the server during COMMIT leaves the outcome unknown, and the client works when it is back")
    func crashAtCommit() async throws {
        let server = try await PrivatePostgres.start()
        let result: Result<Void, any Error>
        do {
            try await withTestDatabase(on: server.configuration, migrations: Self.log) { client in
                try await atCommit("PERFORM pg_sleep(600)", on: client)
                let committing = Task {
                    try await client.withTransaction { try $0.execute("INSERT INTO log VALUES ('perhaps')") }
                }
                try await eventually {
                    try await client.query(
                        "SELECT count(*) = 1 FROM pg_stat_activity WHERE query = 'COMMIT' AND wait_event = 'PgSleep'"
                    ).decodeOne(Bool.self)
                }
                await server.kill()
                let error = await #expect(throws: PostgresError.self) { try await committing.value }
                #expect(error?.code == .commitOutcomeUnknown)

                // Callers that come while it is down wait until it is back.
                async let waiting = client.query("SELECT count(*) FROM log")
                try await server.launch()
                #expect(try await waiting.decodeOne(Int.self) == 0)
            }
            result = .success(())
        } catch {
            result = .failure(error)
        }
        await server.remove()
        try result.get()
    }

    @Test("A frozen server holds up no caller for ever, and the client works when it goes on")
    func frozenServer() async throws {
        let server = try await PrivatePostgres.start()
        let result: Result<Void, any Error>
        do {
            try await withTestDatabase(
                on: server.configuration, migrations: Self.log,
                configure: {
                    $0.maximumConnections = 1
                    $0.statementTimeout = .milliseconds(200)
                    $0.connectTimeout = .seconds(1)
                    $0.acquireTimeout = .seconds(5)
                }
            ) { client in
                server.freeze()
                let lost = await #expect(throws: PostgresError.self) {
                    try await client.withTransaction { try $0.execute("INSERT INTO log VALUES ('x')") }
                }
                #expect(lost?.code == .connectionLost)
                let unreachable = await #expect(throws: PostgresError.self) { try await client.query("SELECT 1") }
                #expect(unreachable?.code == .connectionFailed)
                #expect(unreachable?.isRetriable == true)
                server.thaw()
                try await eventually { (try? await client.query("SELECT 1")) != nil }
                #expect(client.statistics.inUse == 0)
            }
            result = .success(())
        } catch {
            result = .failure(error)
        }
        await server.remove()
        try result.get()
    }

    @Test("A server that nobody runs is reported as such")
    func noServer() async throws {
        var configuration = try await TestPostgres.configuration()
        configuration.database = "there_is_no_such_database"
        // Long enough for several attempts on a busy machine.
        configuration.acquireTimeout = .seconds(10)
        let client = PostgresClient(configuration: configuration, logger: .silent)
        let error = await #expect(throws: PostgresError.self) { try await client.query("SELECT 1") }
        #expect(error?.code == .connectionFailed)
        #expect(error.map { "\($0)" }?.contains("there_is_no_such_database") == false)
        #expect(String(reflecting: error).contains("there_is_no_such_database"))
        await client.close()
    }
}
