import Foundation
import Logging
import Postgres

/// One statement for a batch, beside one statement for each of its messages.
enum Batches {
    private static let size = 100
    private static let rounds = 15

    /// - Parameter url: of a database in which a table may be made.
    static func measure(_ url: String) async throws -> [Ratio] {
        let client = PostgresClient(configuration: try PostgresConfiguration(url: url), logger: Logger(label: "micro"))
        do {
            let pairs = try await compare(client)
            await client.close()
            return [Ratio("insert \(size) rows in one statement", by: "\(size) statements", limit: 0.25, pairs: pairs)]
        } catch {
            await client.close()
            throw error
        }
    }

    private static func compare(_ client: PostgresClient) async throws -> [(part: Double, whole: Double)] {
        _ = try await client.query("DROP TABLE IF EXISTS micro_rows")
        _ = try await client.query("CREATE TABLE micro_rows (id uuid PRIMARY KEY, lane text NOT NULL)")
        var pairs: [(part: Double, whole: Double)] = []
        for _ in 0...rounds {
            let (batch, singles) = (ids(), ids())
            let part = try await time(client) { transaction in
                _ = try transaction.query(
                    "INSERT INTO micro_rows (id, lane) SELECT id, \("lane") FROM unnest(\(batch)) AS id")
            }
            let whole = try await time(client) { transaction in
                for id in singles {
                    _ = try transaction.query("INSERT INTO micro_rows (id, lane) VALUES (\(id), \("lane"))")
                }
            }
            pairs.append((part, whole))
        }
        // The first pair has prepared the statements.
        return Array(pairs.dropFirst())
    }

    private static func ids() -> [UUID] { (0..<size).map { _ in UUID() } }

    /// - Returns: microseconds, the commit left out.
    private static func time(
        _ client: PostgresClient, _ work: @escaping @Sendable (PostgresTransaction) throws -> Void
    ) async throws -> Double {
        try await client.withTransaction { transaction in
            let begin = ContinuousClock.now
            try work(transaction)
            return (ContinuousClock.now - begin) / .microseconds(1)
        }
    }
}
