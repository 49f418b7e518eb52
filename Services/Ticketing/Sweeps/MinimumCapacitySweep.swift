import Contracts
import Messaging
import Postgres

/// Cancels occurrences whose event's minimum is not sold by the cutoff of its settings (seed B, rule 5). Without a cutoff
/// nothing is canceled by itself.
struct MinimumCapacitySweep: Sweep {
    let name = "minimum-capacity"
    let interval = Duration.seconds(1)
    private static let limit = 100

    func sweep(in transaction: PostgresTransaction, at moment: Moment) throws -> SweepResult {
        let occurrences = OccurrenceStore(transaction: transaction)
        let due = try occurrences.lockStockOfMinimumDue(limit: Self.limit, at: moment.now)
        let minimums = try occurrences.minimums(due, at: moment.now)
        // Sold all the same: a minimum that was lowered while the last ticket was being sold.
        let confirmed = try occurrences.confirm(minimums.filter(\.isSold).map(\.id), at: moment.now)
        let reasons = minimums.filter { !$0.isSold }.map { minimum in
            (id: minimum.id, reason: CancellationCause.minimumNotMetReason(minCapacity: minimum.minCapacity))
        }
        let canceled = try occurrences.cancel(reasons, at: moment.now)
        try TicketTypeReviewStore(transaction: transaction).insertTypes(of: canceled.map(\.occurrence), at: moment)
        var effects = Effects.announcing(confirmed + canceled)
        let canceledByID = Dictionary(uniqueKeysWithValues: canceled.map { ($0.occurrence.id, $0.occurrence) })
        for (id, reason) in reasons {
            guard let occurrence = canceledByID[id] else { continue }
            effects.send(
                OccurrenceCanceled(occurrence, cause: .minimumNotMet, reason: reason, at: moment.now),
                organizationID: occurrence.organizationID)
        }
        return SweepResult(effects: effects, hasMore: due.count == Self.limit)
    }
}
