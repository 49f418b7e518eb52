import Contracts
import Foundation
import Messaging
import Postgres

/// The table `webhook_events`.
struct WebhookEventStore {
    let transaction: PostgresTransaction

    struct Event {
        let id: WebhookEventID
        let organizationID: OrganizationID
        let sourceMessageID: UUID
        let notice: WebhookNotice
    }

    /// Adds what was not told of before.
    /// - Returns: which of them were added.
    func add(_ events: [Event], at now: Timestamp) throws -> Set<WebhookEventID> {
        guard !events.isEmpty else { return [] }
        let rows = try transaction.query(
            """
            INSERT INTO webhook_events (id, organization_id, type, object_id, source_message_id, payload, created_at)
            SELECT id, organization_id, type, object_id, source_message_id, payload, \(now)
            FROM unnest(
                \(events.map(\.id)), \(events.map(\.organizationID)), \(events.map(\.notice.type.rawValue)),
                \(events.map(\.notice.objectID)), \(events.map(\.sourceMessageID)),
                \(try events.map { try $0.notice.payload })
            ) AS event (id, organization_id, type, object_id, source_message_id, payload)
            ORDER BY organization_id, type, object_id
            ON CONFLICT (organization_id, type, object_id) DO NOTHING
            RETURNING id
            """)
        return Set(try rows.decode(WebhookEventID.self))
    }
}
