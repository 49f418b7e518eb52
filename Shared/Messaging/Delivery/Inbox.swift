import Contracts
import Foundation
import Postgres

/// The record of what the service has handled. It asks for the id alone, not for the lane: a message that is published once
/// more may arrive over another lane, when partitions were added or an operator has replayed it.
enum Inbox {
    /// Notes the messages as handled and says which of them are new. A message that another transaction is handling at this
    /// moment makes this one wait for its outcome.
    static func insert(
        _ ids: [UUID], lane: String, in transaction: PostgresTransaction, at moment: Moment
    ) throws -> Set<UUID> {
        // One order for everybody, so that two batches with common messages cannot deadlock.
        let ordered = ids.sorted()
        let rows = try transaction.query(
            """
            INSERT INTO inbox (message_id, lane, handled_at)
            SELECT id, \(lane), \(moment.now) FROM unnest(\(ordered)) AS id
            ON CONFLICT DO NOTHING
            RETURNING message_id
            """)
        return Set(try rows.decode(UUID.self))
    }
}

/// Forgets messages that were handled so long ago that they cannot come again.
struct InboxRetention: Sweep {
    let name = "inbox-retention"
    let interval = Duration.seconds(600)
    let keep: Duration

    /// A day more than the seven that the design asks for.
    static let standard = Duration.seconds(8 * 86_400)

    func sweep(in transaction: PostgresTransaction, at moment: Moment) throws -> SweepResult {
        let limit = 5000
        let removed = try transaction.execute(
            """
            DELETE FROM inbox WHERE ctid = ANY (ARRAY(
                SELECT ctid FROM inbox WHERE handled_at < \(moment.now - keep) LIMIT \(limit) FOR UPDATE SKIP LOCKED))
            """)
        return SweepResult(hasMore: removed == limit)
    }
}
