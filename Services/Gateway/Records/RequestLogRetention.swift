import Contracts
import Messaging
import Postgres

/// Empties the request log of what is older than 30 days.
struct RequestLogRetention: Sweep {
    let name = "request-log-retention"
    let interval = Duration.seconds(60)
    private let keep = Duration.seconds(30 * 86_400)
    private let limit = 5000

    func sweep(in transaction: PostgresTransaction, at moment: Moment) throws -> SweepResult {
        let purged = try RequestLogStore(transaction: transaction).purge(before: moment.now - keep, limit: limit)
        return SweepResult(hasMore: purged == limit)
    }
}
