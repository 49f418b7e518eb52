import Contracts
import Foundation
import Messaging
import Postgres

/// The table `api_request_log`: added to, and emptied by age.
struct RequestLogStore {
    let transaction: PostgresTransaction

    /// Adds lines; a line that is there already stays as it is.
    func append(_ entries: [RequestLogEntry]) throws {
        guard !entries.isEmpty else { return }
        try transaction.write(
            """
            INSERT INTO api_request_log
                (id, organization_id, api_key_id, method, route, status, problem, trace_id, duration_microseconds,
                requested_at)
            SELECT * FROM unnest(
                \(entries.map(\.id)), \(entries.map(\.organizationID)), \(entries.map(\.keyID)),
                \(entries.map(\.method)), \(entries.map(\.route)), \(entries.map(\.status)),
                \(entries.map(\.problem)), \(entries.map(\.traceID)), \(entries.map(\.durationMicroseconds)),
                \(entries.map(\.requestedAt)))
            ON CONFLICT (id) DO NOTHING
            """)
    }

    /// Deletes lines from before a time.
    /// - Returns: how many it deleted, `limit` at most.
    func purge(before time: Timestamp, limit: Int) throws -> Int {
        try transaction.execute(
            """
            DELETE FROM api_request_log WHERE id IN (
                SELECT id FROM api_request_log WHERE requested_at < \(time) ORDER BY id LIMIT \(limit))
            """)
    }
}
