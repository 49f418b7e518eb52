import Contracts
import Messaging
import Postgres

/// Forgets idempotency keys after 7 days.
struct IdempotencyRetention: Sweep {
    let name = "idempotency-retention"
    let interval = Duration.seconds(60)
    private let keep = Duration.seconds(7 * 86_400)
    private let limit = 5000

    func sweep(in transaction: PostgresTransaction, at moment: Moment) throws -> SweepResult {
        let purged = try IdempotencyStore(transaction: transaction).purge(before: moment.now - keep, limit: limit)
        return SweepResult(hasMore: purged == limit)
    }
}
