import Foundation
import TestSupport
import Testing

@testable import Postgres

@Suite("Prepared statements", .timeLimit(.minutes(5)))
struct PreparedStatementTests {
    private func key(_ number: Int, _ types: [PostgresType] = []) -> PreparedStatementCache.Key {
        PreparedStatementCache.Key(sql: "SELECT \(number)", types: types)
    }

    @Test("A statement is prepared once, and other parameter types make another statement")
    func reuse() {
        var cache = PreparedStatementCache(limit: 4)
        let first = cache.use(key(1))
        #expect(first.mustPrepare)
        cache.didPrepare(key(1))
        #expect(cache.use(key(1)) == (first.name, false))
        #expect(cache.use(key(1, [.int8])).mustPrepare)
        #expect(cache.use(key(1, [.int8])).name != first.name)
    }

    @Test("The statement unused for longest goes first, and its name is kept until the server has dropped it")
    func eviction() {
        var cache = PreparedStatementCache(limit: 2)
        let names = [1, 2].map { number in
            let name = cache.use(key(number)).name
            cache.didPrepare(key(number))
            return name
        }
        _ = cache.use(key(1))
        _ = cache.use(key(3))
        #expect(cache.count == 2)
        #expect(cache.unused == [names[1]])
        cache.didDeallocate(names[1])
        #expect(cache.unused.isEmpty)
        #expect(cache.use(key(1)).name == names[0])
    }

    @Test("A statement that never got prepared leaves nothing behind")
    func neverPrepared() {
        var cache = PreparedStatementCache(limit: 1)
        _ = cache.use(key(1))
        _ = cache.use(key(2))
        #expect(cache.unused.isEmpty)
    }

    @Test("A connection keeps at most 256 statements on the server, and evicted ones work again")
    func serverSide() async throws {
        try await withTestDatabase(configure: { $0.maximumConnections = 1 }) { client in
            for number in (0..<300) + [0, 299] {
                let rows = try await client.query("SELECT \(unescaped: String(number)) + \(1)")
                #expect(try rows.decodeOne(Int.self) == number + 1)
            }
            let count = try await client.query("SELECT count(*) FROM pg_prepared_statements WHERE NOT from_sql")
            // One more while the one that was just evicted waits for its end.
            #expect(try count.decodeOne(Int.self) <= 257)
        }
    }

    @Test("Eviction inside of a transaction that fails does not lose track of the server's statements")
    func evictionInFailedTransaction() async throws {
        try await withTestDatabase(configure: { $0.maximumConnections = 1 }) { client in
            for round in 0..<3 {
                await #expect(throws: PostgresError.self) {
                    try await client.withTransaction { transaction in
                        for number in 0..<150 {
                            try transaction.query("SELECT \(unescaped: "\(round * 1000 + number)")")
                        }
                        try transaction.query("SELECT 1 / 0")
                    }
                }
            }
            for number in 0..<300 { _ = try await client.query("SELECT \(unescaped: "\(number)")") }
            let count = try await client.query("SELECT count(*) FROM pg_prepared_statements WHERE NOT from_sql")
            #expect(try count.decodeOne(Int.self) <= 257)
        }
    }

    @Test("A statement that occurs twice in one pipeline is prepared once")
    func twiceInOnePipeline() async throws {
        try await withTestDatabase { client in
            let values = try await client.withTransaction { transaction in
                try transaction.pipeline([1, 2, 3].map { "SELECT \($0)" }).map { try $0.decodeOne(Int.self) }
            }
            #expect(values == [1, 2, 3])
        }
    }

    @Test("A plan that no longer fits the table fails once, may be retried, and then works")
    func stalePlan() async throws {
        try await withTestDatabase(configure: { $0.maximumConnections = 1 }) { client in
            _ = try await client.query("CREATE TABLE t (a bigint)")
            let query: PostgresQuery = "SELECT * FROM t"
            _ = try await client.query(query)
            _ = try await client.query("ALTER TABLE t ADD COLUMN b text")
            let error = await #expect(throws: PostgresError.self) { try await client.query(query) }
            #expect(error?.isRetriable == true)
            #expect(try await client.query(query).columnNames == ["a", "b"])
        }
    }
}
