import Contracts
import Foundation
import Postgres

/// What checks look at.
struct CheckScope: Sendable {
    let databases: OpenDatabases
    /// What happened before this instant has been heard of by every service.
    let settledBefore: Timestamp

    /// How many rows a check that spans databases holds at a time.
    static let pageSize = 4000

    func client(_ database: OperatorEnvironment.Database) throws -> PostgresClient {
        try databases.client(database)
    }

    /// Walks a table by its id, page by page, so that the memory used does not grow with the table.
    ///
    /// - Parameters:
    ///   - read: at most ``pageSize`` rows whose ids come after the given one, in their order.
    ///   - judge: returns a line for each row that is not as it must be.
    func pages<Row: Sendable>(
        of database: OperatorEnvironment.Database, id: (Row) -> UUID,
        read: (PostgresClient, UUID) async throws -> [Row], judge: ([Row]) async throws -> [String]
    ) async throws -> [String] {
        let client = try client(database)
        var findings: [String] = []
        var last = UUID(uuid: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0))
        while findings.count < InvariantCheck.limit {
            let rows = try await read(client, last)
            guard let newest = rows.last else { break }
            findings += try await judge(rows)
            last = id(newest)
            if rows.count < Self.pageSize { break }
        }
        return findings
    }

    /// The rows of one database that another does not have.
    ///
    /// - Parameters:
    ///   - kind: what they are, for the findings.
    ///   - page: a page of their ids after the given one, in their order.
    ///   - match: which of these ids the other has.
    func unmatched(
        _ kind: String = "ticket", in database: OperatorEnvironment.Database, _ page: (UUID) -> PostgresQuery,
        of other: OperatorEnvironment.Database, _ match: ([UUID]) -> PostgresQuery
    ) async throws -> [String] {
        try await pages(of: database, id: \.self) { client, last in
            try await client.query(page(last)).decode(UUID.self)
        } judge: { ids in
            let known = Set(try await client(other).query(match(ids)).decode(UUID.self))
            return ids.filter { !known.contains($0) }.map { "\(kind) \($0.text)" }
        }
    }
}
