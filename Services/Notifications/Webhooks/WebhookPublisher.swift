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
        /// What there is to tell of the types that are heard.
        let notices: (_ heard: Set<WebhookEventType>) -> [WebhookNotice]
        /// Whether nobody needs to be asked what is heard.
        let isSilent: Bool

        init(organizationID: OrganizationID, messageID: UUID, notices: [WebhookNotice]) {
            self.organizationID = organizationID
            self.messageID = messageID
            self.isSilent = notices.isEmpty
            self.notices = { heard in notices.filter { heard.contains($0.type) } }
        }

        /// - Parameter order: of which nothing is told yet.
        init(_ order: Received<OrderCompleted>) {
            self.organizationID = order.body.organizationID
            self.messageID = order.envelope.id
            self.isSilent = false
            self.notices = order.body.webhookNotices
        }
    }

    /// Stores what somebody listens to and was not told before.
    /// - Returns: for each announcement, the jobs that deliver it; one job tells all that an organisation hears, and goes
    ///   with the first of its announcements.
    func publish(_ announcements: [Announcement]) throws -> [[NewJob]] {
        let nothing = Array(repeating: [NewJob](), count: announcements.count)
        let organizations = Set(announcements.filter { !$0.isSilent }.map(\.organizationID))
        guard !organizations.isEmpty else { return nothing }
        let heard = try WebhookEndpointStore(transaction: transaction).heardTypes(by: organizations.sorted())
        guard !heard.isEmpty else { return nothing }

        let events = announcements.map { announcement in
            announcement.notices(heard[announcement.organizationID] ?? []).map { notice in
                WebhookEventStore.Event(
                    id: moment.makeID(), organizationID: announcement.organizationID,
                    sourceMessageID: announcement.messageID, notice: notice)
            }
        }
        let added = try WebhookEventStore(transaction: transaction).add(events.flatMap(\.self), at: moment.now)
        let told = Dictionary(grouping: events.joined().filter { added.contains($0.id) }, by: \.organizationID)
        var announced: Set<OrganizationID> = []
        return zip(announcements, events).map { announcement, events in
            guard events.contains(where: { added.contains($0.id) }),
                announced.insert(announcement.organizationID).inserted
            else { return [] }
            return [
                NewJob(
                    AnnounceWebhooksJob.self,
                    AnnounceWebhooksJob.Payload(told[announcement.organizationID] ?? []),
                    organizationID: announcement.organizationID)
            ]
        }
    }
}
