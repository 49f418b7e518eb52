import Contracts
import Foundation
import Messaging
import Postgres

/// The table `checkout_timers`.
struct CheckoutTimerStore {
    let transaction: PostgresTransaction

    func set(_ timers: [(key: CheckoutKey, timer: CheckoutTimer)]) throws {
        guard !timers.isEmpty else { return }
        try transaction.execute(
            """
            INSERT INTO checkout_timers (checkout_id, kind, organization_id, due_at)
            SELECT * FROM unnest(
                \(timers.map(\.key.id)), \(timers.map(\.timer.kind.rawValue)), \(timers.map(\.key.organizationID)),
                \(timers.map(\.timer.dueAt)))
            """)
    }

    /// Takes timers that are due, the longest due first. Those that another process is taking are skipped.
    func takeDue(at now: Timestamp, limit: Int) throws -> [DueTimer] {
        let rows = try transaction.query(
            """
            DELETE FROM checkout_timers
            USING (
                SELECT checkout_id, kind FROM checkout_timers
                WHERE due_at <= \(now) ORDER BY due_at, checkout_id LIMIT \(limit)
                FOR UPDATE SKIP LOCKED
            ) AS due
            WHERE checkout_timers.checkout_id = due.checkout_id AND checkout_timers.kind = due.kind
            RETURNING checkout_timers.checkout_id, checkout_timers.organization_id, checkout_timers.kind
            """)
        return try rows.decode((CheckoutID, OrganizationID, String).self).map { id, organizationID, kindName in
            guard let kind = CheckoutTimer.Kind(rawValue: kindName) else {
                throw UnreadableColumn(name: "checkout_timers.kind", value: kindName)
            }
            return DueTimer(key: CheckoutKey(id: id, organizationID: organizationID), kind: kind)
        }
    }
}
