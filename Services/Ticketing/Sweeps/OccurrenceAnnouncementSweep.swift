import Contracts
import Messaging
import Postgres

/// Announces the occurrences that a change of their event touched beyond those it could announce itself.
struct OccurrenceAnnouncementSweep: Sweep {
    let name = "occurrence-announcement"
    let interval = Duration.seconds(1)
    private static let limit = 100

    func sweep(in transaction: PostgresTransaction, at moment: Moment) throws -> SweepResult {
        let changes = try OccurrenceStore(transaction: transaction).takeUnannounced(limit: Self.limit)
        return SweepResult(effects: .announcing(changes), hasMore: changes.count == Self.limit)
    }
}
