import Contracts
import Messaging
import Postgres

/// Empties the webhooks' log: deliveries that ended long ago go with their attempts, and events that no delivery needs. Old
/// secrets go as soon as they sign no more.
struct WebhookRetention: Sweep {
    let name = "webhook-retention"
    let interval = Duration.seconds(60)
    /// How long a delivery stays after its end.
    let keep: Duration
    var limit = 2000

    /// "webhooks" in ASCII.
    private static let lock = 0x7765_6268_6F6F_6B73

    func sweep(in transaction: PostgresTransaction, at moment: Moment) throws -> SweepResult {
        // Events cannot be locked, because nobody may change them; so one process sweeps at a time.
        let isAlone = try transaction.query("SELECT pg_try_advisory_xact_lock(\(Self.lock))").decodeOne(Bool.self)
        guard isAlone else { return SweepResult() }
        let time = moment.now - keep
        let deliveries = try WebhookDeliveryStore(transaction: transaction).purge(before: time, limit: limit)
        let events = try WebhookEventStore(transaction: transaction).purge(before: time, limit: limit)
        let secrets = try WebhookEndpointStore(transaction: transaction).forgetOldSecrets(at: moment.now, limit: limit)
        return SweepResult(hasMore: [deliveries, events, secrets].contains(limit))
    }
}
