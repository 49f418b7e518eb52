import Contracts
import Foundation
import Messaging
import Postgres

/// Turns what happened into webhook events, in the transaction that heard of it. Their deliveries begin in a transaction of
/// their own: see ``AnnounceWebhooksJob``.
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
        let nothing = Array(repeating: [NewJob](), count: announcements.count)
        let organizations = Set(announcements.filter { !$0.notices.isEmpty }.map(\.organizationID))
        guard !organizations.isEmpty else { return nothing }
        let heard = try WebhookEndpointStore(transaction: transaction).heardTypes(by: organizations.sorted())
        guard !heard.isEmpty else { return nothing }

        let events = announcements.map { announcement in
            announcement.notices.filter { heard[announcement.organizationID]?.contains($0.type) == true }.map {
                notice in
                WebhookEventStore.Event(
                    id: moment.makeID(), organizationID: announcement.organizationID,
                    sourceMessageID: announcement.messageID, notice: notice)
            }
        }
        let added = try WebhookEventStore(transaction: transaction).add(events.flatMap(\.self), at: moment.now)
        return zip(announcements, events).map { announcement, events in
            let told = events.map(\.id).filter(added.contains)
            guard !told.isEmpty else { return [] }
            return [
                NewJob(
                    AnnounceWebhooksJob.self, AnnounceWebhooksJob.Payload(eventIDs: told),
                    organizationID: announcement.organizationID)
            ]
        }
    }
}
