import Contracts
import Foundation
import Messaging
import Postgres

/// Turns what happened into webhook events and their deliveries, in the transaction that heard of it.
struct WebhookPublisher {
    let transaction: PostgresTransaction
    let moment: Moment

    /// What one message tells an organisation's endpoints.
    struct Announcement {
        let organizationID: OrganizationID
        let messageID: UUID
        let notices: [WebhookNotice]
    }

    /// Stores what somebody listens to and was not told before.
    /// - Returns: for each announcement, the jobs that deliver it.
    func publish(_ announcements: [Announcement]) throws -> [[NewJob]] {
        var jobs = Array(repeating: [NewJob](), count: announcements.count)
        let organizations = Set(announcements.filter { !$0.notices.isEmpty }.map(\.organizationID))
        guard !organizations.isEmpty else { return jobs }
        let listeners = try WebhookEndpointStore(transaction: transaction).listeners(of: organizations.sorted())
        guard !listeners.isEmpty else { return jobs }

        var events: [WebhookEventStore.Event] = []
        var origins: [WebhookEventID: Int] = [:]
        for (index, announcement) in announcements.enumerated() {
            for notice in announcement.notices {
                let isHeard = listeners[announcement.organizationID]?.contains { $0.types.contains(notice.type) }
                guard isHeard == true else { continue }
                let event = WebhookEventStore.Event(
                    id: moment.makeID(), organizationID: announcement.organizationID,
                    sourceMessageID: announcement.messageID, notice: notice)
                events.append(event)
                origins[event.id] = index
            }
        }
        let added = try WebhookEventStore(transaction: transaction).add(events, at: moment.now)

        var deliveries: [(WebhookDelivery, WebhookEventID)] = []
        for event in events where added.contains(event.id) {
            for listener in listeners[event.organizationID] ?? [] where listener.types.contains(event.notice.type) {
                let delivery = WebhookDelivery(
                    beginning: moment.makeID(), organizationID: event.organizationID, endpointID: listener.id,
                    at: moment.now)
                deliveries.append((delivery, event.id))
                guard let origin = origins[event.id] else { continue }
                jobs[origin].append(DeliverWebhookJob.job(for: delivery, WebhookDelivery.firstPlan))
            }
        }
        try WebhookDeliveryStore(transaction: transaction).add(deliveries, at: moment.now)
        return jobs
    }
}
