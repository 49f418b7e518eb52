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
    /// The endpoints whose state the attempts may change, locked.
    private let judged: [WebhookEndpointID: WebhookListenerStore.Judged]
    private var healths: [WebhookEndpointID: WebhookEndpointHealth]
    private var ended: [WebhookEndpointID: WebhookDisabledReason] = [:]

    /// Locks what the attempts may change: endpoints first, as everybody does.
    init(
        _ performed: [Item], schedule: WebhookSchedule, in transaction: PostgresTransaction, at moment: Moment
    ) throws {
        self.schedule = schedule
        self.transaction = transaction
        self.moment = moment
        store = WebhookDeliveryStore(transaction: transaction)
        let endpoints = WebhookListenerStore(transaction: transaction)
        let verdicts = performed.reduce(into: [WebhookEndpointID: [WebhookVerdict]]()) { verdicts, item in
            guard case .tried(let result) = item.outcome else { return }
            verdicts[item.job.payload.endpointID, default: []].append(result.verdict)
        }
        // Most attempts change nothing about their endpoint: only the others lock it.
        let known = try endpoints.judged(verdicts.keys.sorted(), locking: false)
        let suspects = verdicts.filter { id, verdicts in
            known[id].map { Self.mayChange($0.health, by: verdicts, at: moment.now) } ?? false
        }
        judged = try endpoints.judged(suspects.keys.sorted(), locking: true)
        healths = judged.mapValues(\.health)
        let mayEnd = suspects.filter { id, verdicts in
            known[id].map { Self.mayEnd($0.health, by: verdicts, at: moment.now) } ?? false
        }
        before = try store.lock(performed.map(\.job.payload.deliveryID), pendingOf: mayEnd.keys.sorted())
        deliveries = before
    }

    private static func mayEnd(
        _ health: WebhookEndpointHealth, by verdicts: [WebhookVerdict], at now: Timestamp
    ) -> Bool {
        verdicts.contains { verdict in
            var health = health
            return verdict == .gone || (verdict != .delivered && health.fail(at: now))
        }
    }

    private static func mayChange(
        _ health: WebhookEndpointHealth, by verdicts: [WebhookVerdict], at now: Timestamp
    ) -> Bool {
        mayEnd(health, by: verdicts, at: now)
            || verdicts.contains { ($0 == .delivered) == (health.failingSince != nil) }
    }

    /// Takes one outcome in and says what follows.
    mutating func take(_ item: Item) -> Effects {
        let payload = item.job.payload
        if case .tried(let result) = item.outcome { judge(payload.endpointID, by: result.verdict) }
        guard var delivery = deliveries[payload.deliveryID] else { return .none }
        defer { deliveries[payload.deliveryID] = delivery }
        switch item.outcome {
        case .off:
            delivery.abandon(payload.plan)
            return .none
        case .busy:
            delivery.park(payload.plan)
            return .none
        case .tried(let result):
            let followUp = delivery.record(
                result.verdict, of: payload.plan, schedule: schedule,
                jitter: moment.randomElement(of: schedule.jitters) ?? 0, at: moment.now)
            attempts.append(
                WebhookDeliveryStore.NumberedAttempt(
                    deliveryID: delivery.id, organizationID: delivery.organizationID, number: delivery.attemptCount,
                    attempt: result.attempt))
            switch followUp {
            case .nothing: return .none
            case .disableEndpoint:
                ended[delivery.endpointID] = .gone
                return .none
            case .attempt(let plan, let time):
                return Effects(jobs: [DeliverWebhookJob.job(for: delivery, plan, dueAt: time)])
            }
        }
    }

    private mutating func judge(_ endpointID: WebhookEndpointID, by verdict: WebhookVerdict) {
        guard var health = healths[endpointID], judged[endpointID]?.isEnabled == true else { return }
        if verdict == .delivered {
            health.succeed()
        } else if health.fail(at: moment.now), ended[endpointID] == nil {
            ended[endpointID] = .failing
        }
        healths[endpointID] = health
    }

    /// Writes everything that was taken in.
    /// - Parameter rooms: how many more attempts may run against each endpoint now.
    /// - Returns: the attempts that there is room for, and what tells of endpoints that were disabled.
    mutating func finish(rooms: [WebhookEndpointID: Int]) throws -> [NewJob] {
        // A late success in the same batch shows that the endpoint lives.
        ended = ended.filter { id, reason in
            judged[id]?.isEnabled == true && (reason == .gone || healths[id]?.failingSince != nil)
        }
        for (id, delivery) in deliveries where ended[delivery.endpointID] != nil { deliveries[id]?.endWithEndpoint() }
        let changed = deliveries.values.filter { before[$0.id] != $0 }.sorted { $0.id < $1.id }
        try store.update(changed, at: moment.now)
        try store.add(attempts)
        let endpoints = WebhookListenerStore(transaction: transaction)
        try endpoints.setHealth(
            healths.filter { $0.value != judged[$0.key]?.health }.map { (id: $0.key, health: $0.value) })
        try endpoints.disable(ended.map { (id: $0.key, reason: $0.value) }, at: moment.now)
        return try tellOfEnded() + unpark(rooms.filter { ended[$0.key] == nil })
    }

    private func tellOfEnded() throws -> [NewJob] {
        let disabled = ended.compactMap { id, reason -> WebhookEndpointDisabled? in
            guard let endpoint = judged[id] else { return nil }
            return WebhookEndpointDisabled(
                id: moment.makeUUID(), organizationID: endpoint.organizationID, endpointID: id, url: endpoint.url,
                reason: reason, failingSince: healths[id]?.failingSince, disabledAt: moment.now)
        }
        guard !disabled.isEmpty else { return [] }
        let contacts = try OrganizationContactStore(transaction: transaction)
            .contacts(of: Set(disabled.map(\.organizationID)).sorted())
        let mails = try LetterWriter(transaction: transaction, moment: moment).write(
            disabled.map { disabled in
                guard let contact = contacts[disabled.organizationID], let recipient = contact.email else { return nil }
                return LetterWriter.Draft(
                    organizationID: disabled.organizationID, objectID: disabled.id, recipient: recipient,
                    letter: .endpointDisabled(disabled.letter(to: contact.name)))
            })
        let webhooks = try WebhookPublisher(transaction: transaction, moment: moment).publish(
            disabled.map {
                WebhookPublisher.Announcement(
                    organizationID: $0.organizationID, messageID: $0.id, notices: [$0.webhookNotice])
            })
        return (mails + webhooks).flatMap(\.self)
    }

    private func unpark(_ rooms: [WebhookEndpointID: Int]) throws -> [NewJob] {
        var deliveries = try ParkedDeliveries(transaction: transaction).take(rooms)
        let jobs = deliveries.indices.compactMap { index in
            deliveries[index].unpark().map { DeliverWebhookJob.job(for: deliveries[index], $0) }
        }
        try store.update(deliveries, at: moment.now)
        return jobs
    }
}
