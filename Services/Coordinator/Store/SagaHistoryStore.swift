import Contracts
import Foundation
import Messaging
import Postgres

/// The histories: `checkout_history`, `refund_history`, `cancellation_history`.
struct SagaHistoryStore {
    let tables: SagaTables
    let transaction: PostgresTransaction

    /// One stored line.
    struct Line: Sendable {
        let at: Timestamp
        let state: String
        let message: String
    }

    func append(_ entries: [SagaHistoryEntry], at now: Timestamp) throws {
        guard !entries.isEmpty else { return }
        try transaction.write(
            """
            INSERT INTO \(unescaped: tables.history)
                (\(unescaped: tables.reference), sequence, organization_id, at, state, message, outcome, facts)
            SELECT saga_id, sequence, organization_id, \(now), state, message, outcome, facts
            FROM unnest(
                \(entries.map(\.key.id)), \(entries.map(\.sequence)), \(entries.map(\.key.organizationID)),
                \(entries.map(\.state)), \(entries.map(\.message)), \(entries.map(\.outcome.rawValue)),
                \(entries.map { PostgresJSON($0.facts) }))
                AS new (saga_id, sequence, organization_id, state, message, outcome, facts)
            """)
    }

    /// Every line about a saga, oldest first; empty when the organisation has no such saga.
    func lines(of key: SagaKey) throws -> [Line] {
        try transaction.query(
            """
            SELECT at, state, message FROM \(unescaped: tables.history)
            WHERE \(unescaped: tables.reference) = \(key.id) AND organization_id = \(key.organizationID)
            ORDER BY sequence
            """
        ).decode((Timestamp, String, String).self).map { Line(at: $0, state: $1, message: $2) }
    }
}
