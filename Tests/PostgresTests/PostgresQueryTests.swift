import Foundation
import Postgres
import TestSupport
import Testing

@Suite("Queries", .timeLimit(.minutes(5)))
struct PostgresQueryTests {
    @Test("Interpolation binds and never splices")
    func binding() {
        let name = "Robert'); DROP TABLE students; --"
        let age: Int? = nil
        let query: PostgresQuery = "INSERT INTO students VALUES (\(name), \(age)) RETURNING \(unescaped: "id")"
        #expect(query.sql == "INSERT INTO students VALUES ($1, $2) RETURNING id")
        #expect(query.description == "INSERT INTO students VALUES ($1, $2) RETURNING id [****, ****]")
    }

    @Test("Text that looks like SQL is stored as text")
    func hostileText() async throws {
        try await withTestDatabase { client in
            _ = try await client.query("CREATE TABLE students (name text)")
            let name = "Robert'); DROP TABLE students; --"
            _ = try await client.query("INSERT INTO students VALUES (\(name))")
            #expect(try await client.query("SELECT name FROM students").decode(String.self) == [name])
        }
    }

    @Test("A statement with a zero byte or too many values is refused before anything is sent")
    func impossibleStatements() async throws {
        try await withTestDatabase { client in
            let zero = await #expect(throws: PostgresError.self) { try await client.query("SELECT 1 --\0; DROP") }
            #expect(zero?.code == .misuse)
            var interpolation = PostgresQuery.StringInterpolation(literalCapacity: 0, interpolationCount: 0)
            interpolation.appendLiteral("SELECT 1")
            for number in 0...65_535 {
                interpolation.appendLiteral(" + ")
                interpolation.appendInterpolation(number)
            }
            let query = PostgresQuery(stringInterpolation: interpolation)
            let many = await #expect(throws: PostgresError.self) { try await client.query(query) }
            #expect(many?.code == .misuse)
            try await expectAnswer(from: client)
        }
    }

    @Test("Rows can be read by position, by name and one by one")
    func rows() async throws {
        try await withTestDatabase { client in
            let rows = try await client.query(
                "SELECT n AS number, 'n' || n AS \"Name\" FROM generate_series(1, 3) AS n ORDER BY n")
            #expect(rows.count == 3)
            #expect(rows.affectedRows == 3)
            #expect(rows.columnNames == ["number", "Name"])
            #expect(try rows.decode((Int, String).self).map(\.1) == ["n1", "n2", "n3"])
            #expect(try rows.map { try $0.decode("number", as: Int.self) } == [1, 2, 3])
            #expect(try rows.map { try $0.decode("Name") as String } == ["n1", "n2", "n3"])
            #expect(try rows.first.map { try String($0[1]) } == "n1")
            #expect(try rows.decodeFirst((Int, String).self)?.0 == 1)
            let error = #expect(throws: PostgresError.self) { try rows.first?.decode("name", as: String.self) }
            #expect(error?.code == .decoding)
            let wrongCount = #expect(throws: PostgresError.self) { try rows.decode(Int.self) }
            #expect(wrongCount?.code == .decoding)
            let notOne = #expect(throws: PostgresError.self) { try rows.decodeOne((Int, String).self) }
            #expect(notOne?.code == .unexpectedRowCount)
            #expect(notOne?.file?.hasSuffix("PostgresQueryTests.swift") == true)

            let none = try await client.query("SELECT 1 WHERE false")
            #expect(none.isEmpty)
            #expect(try none.decode(Int.self) == [])
            #expect(try none.decodeFirst(Int.self) == nil)
            #expect(throws: PostgresError.self) { try none.decodeOne(Int.self) }
        }
    }

    @Test("A result outlives its client")
    func ownership() async throws {
        var kept: PostgresRows?
        try await withTestDatabase { client in
            kept = try await client.query("SELECT repeat('x', 100000) FROM generate_series(1, 10)")
        }
        let texts = try #require(kept).decode(String.self)
        #expect(texts.allSatisfy { $0.utf8.count == 100_000 })
        #expect(texts.count == 10)
    }

    @Test("A constraint that is checked at the end fails the single statement")
    func deferredConstraint() async throws {
        try await withTestDatabase { client in
            _ = try await client.query(
                "CREATE TABLE t (id int, CONSTRAINT t_once UNIQUE (id) DEFERRABLE INITIALLY DEFERRED)")
            for _ in 0..<2 {
                let error = await #expect(throws: PostgresError.self) {
                    try await client.query("INSERT INTO t VALUES (1), (1)")
                }
                #expect(error?.sqlState == "23505", "\(String(reflecting: error))")
                #expect(error?.constraint == "t_once")
            }
            #expect(try await client.query("SELECT count(*) FROM t").decodeOne(Int.self) == 0)
        }
    }

    @Test("Statements that allow no transaction around them work")
    func vacuum() async throws {
        try await withTestDatabase(configure: { $0.maximumConnections = 1 }) { client in
            for number in 0..<300 { _ = try await client.query("SELECT \(unescaped: String(number))") }
            _ = try await client.query("VACUUM")
            _ = try await client.query("VACUUM")
        }
    }

    @Test("COPY is refused and the pool goes on")
    func copy() async throws {
        try await withTestDatabase { client in
            let error = await #expect(throws: PostgresError.self) {
                try await client.query("COPY (SELECT 1) TO STDOUT")
            }
            #expect(error?.isRetriable == false)
            try await expectAnswer(from: client)
        }
    }
}
