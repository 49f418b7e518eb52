import Foundation
import Postgres
import TestSupport
import Testing

@Suite("Transactions", .timeLimit(.minutes(5)))
struct PostgresTransactionTests {
    private struct SoldOut: Error, Equatable {
        let left: Int
    }

    private static let seats = [
        PostgresMigration(
            name: "0001_create_seats",
            sql: """
                CREATE TABLE seats (
                    id bigint CONSTRAINT seats_pkey PRIMARY KEY,
                    holder text NOT NULL CONSTRAINT seats_holder_not_empty CHECK (holder <> ''),
                    row bigint CONSTRAINT seats_row_once UNIQUE DEFERRABLE INITIALLY DEFERRED)
                """)
    ]

    private func expectSeats(
        _ count: Int, on client: PostgresClient, sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let found = try await client.query("SELECT count(*) FROM seats").decodeOne(Int.self)
        #expect(found == count, sourceLocation: sourceLocation)
    }

    @Test("What the body did is there after it returns, and its value comes out")
    func commit() async throws {
        try await withTestDatabase(migrations: Self.seats) { client in
            let inserted = try await client.withTransaction { transaction in
                try transaction.query("INSERT INTO seats VALUES (\(1), \("a"))")
                return try transaction.execute("INSERT INTO seats VALUES (2, 'b'), (3, 'c')")
            }
            #expect(inserted == 2)
            try await expectSeats(3, on: client)
        }
    }

    @Test("What the body throws comes out unchanged, and nothing it did stays")
    func rollback() async throws {
        try await withTestDatabase(migrations: Self.seats) { client in
            await #expect(throws: SoldOut(left: 4)) {
                try await client.withTransaction { transaction in
                    try transaction.execute("INSERT INTO seats VALUES (1, 'a')")
                    throw SoldOut(left: 4)
                }
            }
            try await expectSeats(0, on: client)
            #expect(client.statistics.inUse == 0)
        }
    }

    @Test("A refused statement tells its code, constraint, table and place, and its description no data")
    func serverError() async throws {
        try await withTestDatabase(migrations: Self.seats) { client in
            var error: PostgresError?
            let line = #line + 3
            do {
                try await client.withTransaction { transaction in
                    try transaction.execute("INSERT INTO seats VALUES (77341, 'first'), (77341, \("hunter2"))")
                }
            } catch let failure as PostgresError {
                error = failure
            }
            #expect(error?.code == .server)
            #expect(error?.sqlState == "23505")
            #expect(error?.constraint == "seats_pkey")
            #expect(error?.table == "seats")
            #expect(error?.isRetriable == false)
            #expect(error?.line == line)
            #expect(error?.file?.hasSuffix("PostgresTransactionTests.swift") == true)
            let description = error.map { "\($0)" } ?? ""
            #expect(description.contains("23505") && description.contains("seats_pkey"))
            for secret in ["77341", "hunter2", "INSERT"] { #expect(!description.contains(secret)) }
            // The full report has the server's detail, but never a binding.
            #expect(String(reflecting: error).contains("77341"))
            #expect(!String(reflecting: error).contains("hunter2"))
        }
    }

    @Test("A transaction whose failed statement was swallowed does not commit")
    func swallowedFailure() async throws {
        try await withTestDatabase(migrations: Self.seats) { client in
            let error = await #expect(throws: PostgresError.self) {
                try await client.withTransaction { transaction in
                    try transaction.execute("INSERT INTO seats VALUES (1, 'a')")
                    do {
                        try transaction.execute("INSERT INTO seats VALUES (2, '')")
                    } catch is PostgresError {}
                }
            }
            #expect(error?.constraint == "seats_holder_not_empty")
            try await expectSeats(0, on: client)
        }
    }

    @Test("A value that cannot be sent leaves the transaction usable")
    func encodingFailure() async throws {
        try await withTestDatabase(migrations: Self.seats) { client in
            try await client.withTransaction { transaction in
                #expect(throws: PostgresError.self) {
                    try transaction.query("SELECT \(Date(timeIntervalSinceReferenceDate: .infinity))")
                }
                try transaction.execute("INSERT INTO seats VALUES (1, 'a')")
            }
            try await expectSeats(1, on: client)
        }
    }

    @Test("A savepoint undoes a failed statement")
    func savepoint() async throws {
        try await withTestDatabase(migrations: Self.seats) { client in
            try await client.withTransaction { transaction in
                try transaction.execute("INSERT INTO seats VALUES (1, 'a')")
                try transaction.execute("SAVEPOINT attempt")
                #expect(throws: PostgresError.self) { try transaction.execute("INSERT INTO seats VALUES (1, 'b')") }
                try transaction.execute("ROLLBACK TO SAVEPOINT attempt")
                try transaction.execute("INSERT INTO seats VALUES (2, 'b')")
            }
            try await expectSeats(2, on: client)
        }
    }

    @Test("A constraint that is checked at COMMIT fails the transaction for certain")
    func deferredConstraint() async throws {
        try await withTestDatabase(migrations: Self.seats) { client in
            let error = await #expect(throws: PostgresError.self) {
                try await client.withTransaction { transaction in
                    try transaction.execute("INSERT INTO seats VALUES (1, 'a', 5), (2, 'b', 5)")
                }
            }
            #expect(error?.code == .server)
            #expect(error?.constraint == "seats_row_once")
            try await expectSeats(0, on: client)
        }
    }

    @Test("A transaction is of no use after its end")
    func useAfterEnd() async throws {
        try await withTestDatabase { client in
            // Unchecked, because the test itself breaks the rule that keeps a transaction inside of its body.
            final class Leak: @unchecked Sendable { var transaction: PostgresTransaction? }
            let leak = Leak()
            try await client.withTransaction { leak.transaction = $0 }
            let error = #expect(throws: PostgresError.self) { try leak.transaction?.query("SELECT 1") }
            #expect(error?.code == .misuse)
        }
    }

    @Test("A body that ends the transaction by itself is told so")
    func ownCommit() async throws {
        try await withTestDatabase { client in
            let error = await #expect(throws: PostgresError.self) {
                try await client.withTransaction { try $0.execute("COMMIT") }
            }
            #expect(error?.code == .misuse)
            try await expectAnswer(from: client)
        }
    }

    @Test("A body that sends nothing opens no transaction")
    func empty() async throws {
        try await withTestDatabase { client in
            let value = try await client.withTransaction(isolation: .serializable) { _ in 5 }
            #expect(value == 5)
            let isIdle = try await client.withTransaction { try $0.pipeline([]).isEmpty }
            #expect(isIdle)
        }
    }

    @Test("Isolation and read-only reach the server")
    func options() async throws {
        try await withTestDatabase(migrations: Self.seats) { client in
            for isolation in [PostgresIsolation.readCommitted, .repeatableRead, .serializable] {
                let name = try await client.withTransaction(isolation: isolation) {
                    try $0.query("SHOW transaction_isolation").decodeOne(String.self)
                }
                #expect(name == isolation.rawValue.lowercased())
            }
            let error = await #expect(throws: PostgresError.self) {
                try await client.withTransaction(readOnly: true) {
                    try $0.execute("INSERT INTO seats VALUES (1, 'a')")
                }
            }
            #expect(error?.sqlState == "25006")
        }
    }

    @Test("A service's statements are planned once, and its reads for their own values")
    func planning() async throws {
        try await withTestDatabase(configure: { $0.planning = .onceByIndex }) { client in
            for (readOnly, mode) in [(false, "force_generic_plan"), (true, "auto"), (false, "force_generic_plan")] {
                let settings = try await client.withTransaction(readOnly: readOnly) {
                    try $0.query("SELECT current_setting('plan_cache_mode'), current_setting('enable_seqscan')")
                        .decodeOne((String, String).self)
                }
                #expect(settings == (mode, "off"))
            }
        }
        try await withTestDatabase(configure: { $0.planning = .anew }) { client in
            let mode = try await client.withTransaction {
                try $0.query("SHOW plan_cache_mode").decodeOne(String.self)
            }
            #expect(mode == "auto")
        }
    }

    @Test("A pipeline returns the rows of each statement in order")
    func pipeline() async throws {
        try await withTestDatabase(migrations: Self.seats) { client in
            let sums = try await client.withTransaction { transaction in
                var queries: [PostgresQuery] = (1...500).map { "INSERT INTO seats VALUES (\($0), \("seat \($0)"))" }
                queries.append("SELECT sum(id) FROM seats")
                let rows = try transaction.pipeline(queries)
                #expect(rows.count == 501)
                #expect(rows.dropLast().allSatisfy { $0.affectedRows == 1 })
                return try rows[500].decode(Int.self)
            }
            #expect(sums == [125_250])
        }
    }

    @Test("A pipeline stops at the first statement that fails, and that one's error comes out")
    func failingPipeline() async throws {
        try await withTestDatabase(migrations: Self.seats) { client in
            let error = await #expect(throws: PostgresError.self) {
                try await client.withTransaction { transaction in
                    _ = try transaction.pipeline([
                        "INSERT INTO seats VALUES (1, 'a')", "INSERT INTO seats VALUES (2, '')",
                        "INSERT INTO seats VALUES (1, 'never')",
                    ])
                }
            }
            #expect(error?.constraint == "seats_holder_not_empty")
            try await expectSeats(0, on: client)
            // What was not prepared because of the failure is prepared when it is needed again.
            try await client.withTransaction { _ = try $0.pipeline(["INSERT INTO seats VALUES (1, 'never')"]) }
            try await expectSeats(1, on: client)
        }
    }

    @Test("A pipeline whose statements and answers exceed every buffer does not block")
    func hugePipeline() async throws {
        try await withTestDatabase { client in
            let text = String(repeating: "x", count: 100_000)
            let results = try await client.withTransaction { transaction in
                try transaction.pipeline((0..<200).map { _ in "SELECT \(text), \(text)" })
            }
            #expect(results.count == 200)
            #expect(try results.allSatisfy { try $0.decodeOne((String, String).self) == (text, text) })
        }
    }

    @Test("What is written is there for the next statement, and is committed also when none follows")
    func writes() async throws {
        try await withTestDatabase(migrations: Self.seats) { client in
            let seen = try await client.withTransaction { transaction in
                try transaction.write("INSERT INTO seats VALUES (1, 'a')")
                try transaction.write("UPDATE seats SET holder = 'b' WHERE id = 1")
                let seen = try transaction.query("SELECT holder FROM seats").decodeOne(String.self)
                try transaction.write("INSERT INTO seats VALUES (2, 'c')")
                return seen
            }
            #expect(seen == "b")
            try await expectSeats(2, on: client)
            try await client.withTransaction { try $0.write("INSERT INTO seats VALUES (3, 'd')") }
            try await expectSeats(3, on: client)
        }
    }

    @Test("What is written and fails, fails the next statement or the commit, and nothing of the transaction stays")
    func failingWrites() async throws {
        try await withTestDatabase(migrations: Self.seats) { client in
            let backend = try await backendPID(of: client)
            var error = await #expect(throws: PostgresError.self) {
                try await client.withTransaction { transaction in
                    try transaction.write("INSERT INTO seats VALUES (1, '')")
                    try transaction.execute("INSERT INTO seats VALUES (2, 'never')")
                }
            }
            #expect(error?.constraint == "seats_holder_not_empty")
            error = await #expect(throws: PostgresError.self) {
                try await client.withTransaction { transaction in
                    try transaction.execute("INSERT INTO seats VALUES (1, 'never')")
                    try transaction.write("INSERT INTO seats VALUES (2, '')")
                    try transaction.write("INSERT INTO seats VALUES (3, 'never')")
                }
            }
            #expect(error?.constraint == "seats_holder_not_empty")
            error = await #expect(throws: PostgresError.self) {
                try await client.withTransaction { try $0.write("INSERT INTO seats VALUES (1, '')") }
            }
            #expect(error?.constraint == "seats_holder_not_empty")
            try await expectSeats(0, on: client)
            #expect(try await backendPID(of: client) == backend, "a connection was lost over it")
        }
    }

    private func backendPID(of client: PostgresClient) async throws -> Int {
        try await client.query("SELECT pg_backend_pid()").decodeOne(Int.self)
    }

    @Test("What cannot be sent is refused where it is written, and what a body leaves behind is not sent")
    func refusedWrites() async throws {
        try await withTestDatabase(migrations: Self.seats) { client in
            let error = await #expect(throws: PostgresError.self) {
                try await client.withTransaction { transaction in
                    try transaction.write("INSERT INTO seats VALUES (1, 'never')")
                    try transaction.write("SELECT '\u{0}'")
                }
            }
            #expect(error?.code == .misuse)
            try await expectSeats(0, on: client)
        }
    }

    @Test("Of two transactions that cannot have run one after the other, one fails and may be retried")
    func serialization() async throws {
        try await withTestDatabase(migrations: Self.seats) { client in
            let gate = Gate()
            let attempt: @Sendable (Int) async throws -> Void = { id in
                try await client.withTransaction(isolation: .serializable) { transaction in
                    let count = try transaction.query("SELECT count(*) FROM seats").decodeOne(Int.self)
                    gate.pass()
                    try transaction.execute("INSERT INTO seats VALUES (\(id), \("saw \(count)"))")
                }
            }
            async let first: Void = attempt(1)
            async let second: Void = attempt(2)
            await gate.arrived()
            await gate.arrived()
            gate.open()
            gate.open()
            var failures: [PostgresError] = []
            do { try await first } catch let error as PostgresError { failures.append(error) }
            do { try await second } catch let error as PostgresError { failures.append(error) }
            #expect(failures.map(\.sqlState) == ["40001"])
            #expect(failures.map(\.isRetriable) == [true])
            try await expectSeats(1, on: client)
        }
    }

    @Test("A statement that outlasts the statement timeout is cancelled by the server")
    func statementTimeout() async throws {
        try await withTestDatabase(configure: { $0.statementTimeout = .milliseconds(500) }) { client in
            let error = await #expect(throws: PostgresError.self) { try await client.query("SELECT pg_sleep(60)") }
            #expect(error?.code == .cancelled)
            #expect(error?.sqlState == "57014")
            try await expectAnswer(from: client)
        }
    }
}
