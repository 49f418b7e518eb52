import Contracts
import Messaging
import Postgres

/// One transaction that records attempts at delivering webhooks.
struct WebhookRecording {
    typealias Item = Performed<DeliverWebhookJob.Payload, DeliverWebhookJob.Outcome>

    private let schedule: WebhookSchedule
    private let transaction: PostgresTransaction
    private let moment: Moment
    private let store: WebhookDeliveryStore
    private let before: [WebhookDeliveryID: WebhookDelivery]
    private var deliveries: [WebhookDeliveryID: WebhookDelivery]
    private var attempts: [WebhookDeliveryStore.NumberedAttempt] = []
    private var goneEndpoints: Set<WebhookEndpointID> = []

    /// Locks what the attempts may change: endpoints first, as everybody does.
    init(
        _ performed: [Item], schedule: WebhookSchedule, in transaction: PostgresTransaction, at moment: Moment
    ) throws {
        self.schedule = schedule
        self.transaction = transaction
        self.moment = moment
        store = WebhookDeliveryStore(transaction: transaction)
        let suspects = Set(
            performed.compactMap { item -> WebhookEndpointID? in
                guard case .tried(let result) = item.outcome, result.verdict == .gone else { return nil }
                return item.job.payload.endpointID
            })
        if !suspects.isEmpty { try WebhookEndpointStore(transaction: transaction).lock(suspects.sorted()) }
        before = try store.lock(performed.map(\.job.payload.deliveryID), pendingOf: suspects.sorted())
        deliveries = before
    }

    /// Takes one outcome in and says what follows.
    mutating func take(_ item: Item) -> Effects {
        let payload = item.job.payload
        guard var delivery = deliveries[payload.deliveryID] else { return .none }
        defer { deliveries[payload.deliveryID] = delivery }
        switch item.outcome {
        case .off:
            delivery.abandon(payload.plan)
            return .none
        case .busy:
            let followUp = delivery.putOff(payload.plan, until: moment.now + pause(after: payload.deferrals))
            return effects(of: followUp, for: delivery, deferrals: payload.deferrals + 1)
        case .tried(let result):
            let followUp = delivery.record(
                result.verdict, of: payload.plan, schedule: schedule,
                jitter: moment.randomElement(of: schedule.jitters) ?? 0, at: moment.now)
            attempts.append(
                WebhookDeliveryStore.NumberedAttempt(
                    deliveryID: delivery.id, organizationID: delivery.organizationID, number: delivery.attemptCount,
                    attempt: result.attempt))
            return effects(of: followUp, for: delivery, deferrals: 0)
        }
    }

    /// Writes everything that was taken in.
    func write() throws {
        var deliveries = deliveries
        for id in deliveries.keys {
            guard let delivery = deliveries[id], goneEndpoints.contains(delivery.endpointID) else { continue }
            deliveries[id]?.abandon(WebhookDelivery.Plan(serial: delivery.serial, step: nil))
        }
        let changed = deliveries.values.filter { before[$0.id] != $0 }.sorted { $0.id < $1.id }
        try store.update(changed, at: moment.now)
        try store.add(attempts)
        guard !goneEndpoints.isEmpty else { return }
        try WebhookEndpointStore(transaction: transaction).disableGone(goneEndpoints.sorted(), at: moment.now)
    }

    private mutating func effects(
        of followUp: WebhookDelivery.FollowUp, for delivery: WebhookDelivery, deferrals: Int
    ) -> Effects {
        switch followUp {
        case .nothing: return .none
        case .disableEndpoint:
            goneEndpoints.insert(delivery.endpointID)
            return .none
        case .attempt(let plan, let time):
            return Effects(jobs: [DeliverWebhookJob.job(for: delivery, plan, deferrals: deferrals, dueAt: time)])
        }
    }

    /// Grows from 1 s to a minute and spreads over as much again, so that those put off together come back apart.
    private func pause(after deferrals: Int) -> Duration {
        let seconds = min(60, 1 << min(deferrals, 6))
        return .seconds(seconds) + .milliseconds(moment.randomElement(of: 0...(seconds * 1000)) ?? 0)
    }
}
