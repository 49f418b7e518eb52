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

    /// An event that is to be delivered.
    struct Told {
        let id: WebhookEventID
        let organizationID: OrganizationID
        let type: WebhookEventType
    }

    /// These events, oldest first.
    func find(_ ids: [WebhookEventID]) throws -> [Told] {
        let rows = try transaction.query(
            "SELECT id, organization_id, type FROM webhook_events WHERE id = ANY(\(ids)) ORDER BY id")
        return try rows.decode((WebhookEventID, OrganizationID, String).self).map { id, organizationID, name in
            guard let type = WebhookEventType(rawValue: name) else {
                throw NotificationsError.unreadableValue(table: "webhook_events", column: "type")
            }
            return Told(id: id, organizationID: organizationID, type: type)
        }
    }

    /// Deletes events from before a time whose deliveries are gone. One process at a time: see ``WebhookRetention``.
    /// - Returns: how many went.
    func purge(before time: Timestamp, limit: Int) throws -> Int {
        try transaction.execute(
            """
            WITH old AS (
                SELECT id FROM webhook_events AS event
                WHERE created_at < \(time)
                    AND NOT EXISTS (SELECT FROM webhook_delivery_logs WHERE event_id = event.id)
                ORDER BY created_at LIMIT \(limit))
            DELETE FROM webhook_events USING old WHERE webhook_events.id = old.id
            """)
    }
}
