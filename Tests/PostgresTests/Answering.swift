import Postgres
import Testing

/// Expects that the client can be used.
func expectAnswer(from client: PostgresClient, sourceLocation: SourceLocation = #_sourceLocation) async throws {
    let one = try await client.query("SELECT 1").decodeOne(Int.self)
    #expect(one == 1, sourceLocation: sourceLocation)
}
