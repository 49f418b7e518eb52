import Contracts
import Messaging
import Postgres

/// Starts the first of an endpoint's parked deliveries when nothing else does. The end of an attempt usually calls the next
/// one; after the death of the process that made the last attempt, nobody would.
struct ParkedDeliveriesSweep: Sweep {
    let name = "parked-deliveries"
    let interval = Duration.seconds(15)
    private let patience = Duration.seconds(60)
    private let limit = 1000

    func sweep(in transaction: PostgresTransaction, at moment: Moment) throws -> SweepResult {
        var deliveries = try ParkedDeliveries(transaction: transaction).takeForgotten(
            since: moment.now - patience, limit: limit)
        let jobs = deliveries.indices.compactMap { index in
            deliveries[index].unpark().map { DeliverWebhookJob.job(for: deliveries[index], $0) }
        }
        try WebhookDeliveryStore(transaction: transaction).update(deliveries, at: moment.now)
        return SweepResult(effects: Effects(jobs: jobs))
    }
}
