import Contracts
import Messaging
import Postgres

/// Begins the deliveries of events to every endpoint that listens, each under the endpoint's next number.
///
/// Numbers without gaps need the endpoint's row locked until the commit. A batch of messages runs several handlers in one
/// transaction, which could not keep to one order of locks; so the deliveries begin in a transaction that does nothing
/// else, endpoints in the order of their ids.
struct AnnounceWebhooksJob: JobPerformer {
    struct Payload: Codable, Sendable, Equatable {
        let eventIDs: [WebhookEventID]

        enum CodingKeys: String, CodingKey {
            case eventIDs = "event_ids"
        }
    }

    /// There is nothing outside to ask.
    struct Outcome: Sendable, Equatable {}

    static let kind = "announce-webhooks"

    let concurrency = 256

    func perform(_ job: Job<Payload>) async throws -> Outcome { Outcome() }

    func record(
        _ performed: [Performed<Payload, Outcome>], in transaction: PostgresTransaction, at moment: Moment
    ) throws -> [Effects] {
        let events = try WebhookEventStore(transaction: transaction).find(performed.flatMap(\.job.payload.eventIDs))
        let store = WebhookListenerStore(transaction: transaction)
        var listeners = try store.lock(
            of: Set(events.map(\.organizationID)).sorted(),
            types: Set(events.map(\.type)).sorted { $0.rawValue < $1.rawValue })
        var beginnings: [WebhookEventID: [WebhookDeliveryStore.Beginning]] = [:]
        for event in events {
            for index in listeners[event.organizationID, default: []].indices {
                guard let sequence = listeners[event.organizationID]?[index].next(for: event.type),
                    let endpointID = listeners[event.organizationID]?[index].id
                else { continue }
                let delivery = WebhookDelivery(
                    beginning: moment.makeID(), organizationID: event.organizationID, endpointID: endpointID,
                    at: moment.now)
                beginnings[event.id, default: []].append(
                    WebhookDeliveryStore.Beginning(delivery: delivery, eventID: event.id, sequence: sequence))
            }
        }
        try WebhookDeliveryStore(transaction: transaction).add(
            events.flatMap { beginnings[$0.id] ?? [] }, at: moment.now)
        try store.setSequences(listeners.values.flatMap(\.self))
        return performed.map { item in
            let begun = item.job.payload.eventIDs.flatMap { beginnings[$0] ?? [] }
            return Effects(jobs: begun.map { DeliverWebhookJob.job(for: $0.delivery, WebhookDelivery.firstPlan) })
        }
    }
}

extension WebhookListenerStore.Listener {
    /// The number of the endpoint's next delivery; nil when it does not listen to such events.
    fileprivate mutating func next(for type: WebhookEventType) -> Int? {
        guard types.contains(type) else { return nil }
        lastSequence += 1
        return lastSequence
    }
}
