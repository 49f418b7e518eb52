import Contracts
import Foundation
import Messaging
import Postgres

/// The timers: `checkout_timers`, `refund_timers`, `cancellation_timers`.
struct SagaTimerStore {
    let tables: SagaTables
    let transaction: PostgresTransaction

    /// Sets timers, each saga's each kind at most once. One that is set already moves.
    func set(_ timers: [(key: SagaKey, timer: SagaTimer)]) throws {
        guard !timers.isEmpty else { return }
        try transaction.write(
            """
            INSERT INTO \(unescaped: tables.timers) (\(unescaped: tables.reference), kind, organization_id, due_at)
            SELECT saga_id, kind, organization_id, due_at
            FROM unnest(
                \(timers.map(\.key.id)), \(timers.map(\.timer.kind.rawValue)), \(timers.map(\.key.organizationID)),
                \(timers.map(\.timer.dueAt))) AS new (saga_id, kind, organization_id, due_at)
            ORDER BY saga_id, kind
            ON CONFLICT (\(unescaped: tables.reference), kind) DO UPDATE SET due_at = excluded.due_at
            """)
    }

    /// Takes timers that are due, the longest due first. Those that another process is taking are skipped.
    func takeDue(at now: Timestamp, limit: Int) throws -> [DueTimer] {
        let reference = tables.reference
        let rows = try transaction.query(
            """
            DELETE FROM \(unescaped: tables.timers) AS timer
            USING (
                SELECT \(unescaped: reference), kind, due_at FROM \(unescaped: tables.timers)
                WHERE due_at <= \(now) ORDER BY due_at, \(unescaped: reference) LIMIT \(limit)
                FOR UPDATE SKIP LOCKED
            ) AS due
            WHERE timer.\(unescaped: reference) = due.\(unescaped: reference) AND timer.kind = due.kind
            RETURNING timer.\(unescaped: reference), timer.organization_id, timer.kind, timer.due_at
            """)
        return try rows.decode((UUID, OrganizationID, String, Timestamp).self).map { id, organizationID, name, dueAt in
            guard let kind = SagaTimer.Kind(rawValue: name) else {
                throw UnreadableColumn(name: "\(tables.timers).kind", value: name)
            }
            return DueTimer(key: SagaKey(id, of: organizationID), timer: SagaTimer(kind: kind, dueAt: dueAt))
        }.sorted { ($0.timer.dueAt, $0.key.id) < ($1.timer.dueAt, $1.key.id) }
    }
}
