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
        /// Whose events they are and of which types, so that they need not be read again; nil in jobs of before.
        let organizationID: OrganizationID?
        let types: [WebhookEventType]?

        enum CodingKeys: String, CodingKey {
            case types
            case eventIDs = "event_ids"
            case organizationID = "organization_id"
        }

        /// - Parameter events: of one organisation.
        init(_ events: [WebhookEventStore.Event]) {
            eventIDs = events.map(\.id)
            organizationID = events.first?.organizationID
            types = events.map(\.notice.type)
        }

        /// Its events, as far as it tells what they are.
        fileprivate var told: [WebhookEventStore.Told]? {
            guard let organizationID, let types, types.count == eventIDs.count else { return nil }
            return zip(eventIDs, types).map {
                WebhookEventStore.Told(id: $0, organizationID: organizationID, type: $1)
            }
        }
    }

    /// There is nothing outside to ask.
    struct Outcome: Sendable, Equatable {}

    static let kind = "announce-webhooks"

    let lanes: EndpointLanes
    let concurrency = 256

    func perform(_ job: Job<Payload>) async throws -> Outcome { Outcome() }

    func record(
        _ performed: [Performed<Payload, Outcome>], in transaction: PostgresTransaction, at moment: Moment
    ) throws -> [Effects] {
        let events = try events(of: performed.map(\.job.payload), in: transaction)
        let store = WebhookListenerStore(transaction: transaction)
        var listeners = try store.lock(
            of: Set(events.map(\.organizationID)).sorted(),
            types: Set(events.map(\.type)).sorted { $0.rawValue < $1.rawValue })
        var beginnings: [WebhookEventID: [WebhookDeliveryStore.Beginning]] = [:]
        var rooms: [WebhookEndpointID: Int] = [:]
        let crowded = try ParkedDeliveries(transaction: transaction).endpoints(
            among: listeners.values.joined().map(\.id))
        for event in events {
            for index in listeners[event.organizationID, default: []].indices {
                guard let sequence = listeners[event.organizationID]?[index].next(for: event.type),
                    let endpointID = listeners[event.organizationID]?[index].id
                else { continue }
                var delivery = WebhookDelivery(
                    beginning: moment.makeID(), organizationID: event.organizationID, endpointID: endpointID,
                    at: moment.now)
                let room = rooms[endpointID] ?? self.room(at: endpointID, hasParked: crowded.contains(endpointID))
                if room == 0 { delivery.park(WebhookDelivery.firstPlan) }
                rooms[endpointID] = max(0, room - 1)
                beginnings[event.id, default: []].append(
                    WebhookDeliveryStore.Beginning(delivery: delivery, eventID: event.id, sequence: sequence))
            }
        }
        try WebhookDeliveryStore(transaction: transaction).add(
            events.flatMap { beginnings[$0.id] ?? [] }, at: moment.now)
        try store.setSequences(listeners.values.flatMap(\.self))
        return performed.map { item in
            let begun = item.job.payload.eventIDs.flatMap { beginnings[$0] ?? [] }
                .filter { $0.delivery.parked == nil }
            return Effects(jobs: begun.map { DeliverWebhookJob.job(for: $0.delivery, WebhookDelivery.firstPlan) })
        }
    }

    /// How many attempts may begin at the endpoint. At least one: its end calls those that are parked, whatever has ended in
    /// the meantime. Nobody overtakes those that are.
    private func room(at endpointID: WebhookEndpointID, hasParked: Bool) -> Int {
        hasParked ? 1 : max(1, lanes.room(for: endpointID) - lanes.waitingCount(for: endpointID))
    }

    /// Oldest first.
    private func events(
        of payloads: [Payload], in transaction: PostgresTransaction
    ) throws -> [WebhookEventStore.Told] {
        let unread = payloads.filter { $0.told == nil }.flatMap(\.eventIDs)
        let read = unread.isEmpty ? [] : try WebhookEventStore(transaction: transaction).find(unread)
        return (read + payloads.compactMap(\.told).joined()).sorted { $0.id < $1.id }
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
