import Contracts
import Foundation
import Messaging
import Postgres

/// Reads one endpoint's deliveries with their attempts.
struct WebhookDeliveryReader {
    let transaction: PostgresTransaction
    let organizationID: OrganizationID
    let endpointID: WebhookEndpointID

    /// How much of each answer a list shows, in characters: a page has up to 200 deliveries of many attempts.
    private static let listedBodyLength = 512

    /// Those older than `position` that the filters let through, newest first.
    func page(
        before position: WebhookDeliveryID?, status: WebhookDeliveryStatus?, from: Timestamp?, until: Timestamp?,
        limit: Int
    ) throws -> [WebhookDeliveryDetails] {
        let rows = try transaction.query(
            """
            SELECT \(unescaped: Self.columns)
            FROM webhook_delivery_logs AS delivery JOIN webhook_events AS event ON event.id = delivery.event_id
            WHERE delivery.organization_id = \(organizationID) AND delivery.endpoint_id = \(endpointID)
                AND (\(position)::uuid IS NULL OR delivery.id < \(position))
                AND (\(status?.rawValue)::text IS NULL OR delivery.status = \(status?.rawValue))
                AND (\(from)::timestamptz IS NULL OR delivery.created_at >= \(from))
                AND (\(until)::timestamptz IS NULL OR delivery.created_at < \(until))
            ORDER BY delivery.id DESC LIMIT \(limit)
            """)
        return try details(rows.decode(Columns.self), bodyLength: Self.listedBodyLength)
    }

    /// One delivery, with all that is kept of the answers.
    func find(_ id: WebhookDeliveryID) throws -> WebhookDeliveryDetails? {
        let rows = try transaction.query(
            """
            SELECT \(unescaped: Self.columns)
            FROM webhook_delivery_logs AS delivery JOIN webhook_events AS event ON event.id = delivery.event_id
            WHERE delivery.organization_id = \(organizationID) AND delivery.endpoint_id = \(endpointID)
                AND delivery.id = \(id)
            """)
        return try details(rows.decode(Columns.self), bodyLength: WebhookResult.keptLength).first
    }

    private static let columns = """
        delivery.id, event.type, delivery.sequence, delivery.status, delivery.next_attempt_at, delivery.created_at,
        event.payload
        """

    private typealias Columns = (WebhookDeliveryID, String, Int, String, Timestamp?, Timestamp, String)

    private func details(_ rows: [Columns], bodyLength: Int) throws -> [WebhookDeliveryDetails] {
        let attempts = try attempts(of: rows.map(\.0), bodyLength: bodyLength)
        return try rows.map { id, typeName, sequence, statusName, nextAttemptAt, createdAt, payload in
            guard let type = WebhookEventType(rawValue: typeName) else {
                throw NotificationsError.unreadableValue(table: "webhook_events", column: "type")
            }
            guard let status = WebhookDeliveryStatus(rawValue: statusName) else {
                throw NotificationsError.unreadableValue(table: "webhook_delivery_logs", column: "status")
            }
            return WebhookDeliveryDetails(
                id: id, endpointID: endpointID, eventType: type, sequence: sequence, status: status,
                attempts: attempts[id] ?? [], nextAttemptAt: nextAttemptAt, createdAt: createdAt,
                payload: try MessageCodec.decode(JSONValue.self, from: Array(payload.utf8)))
        }
    }

    private func attempts(of ids: [WebhookDeliveryID], bodyLength: Int) throws -> [WebhookDeliveryID: [WebhookAttempt]]
    {
        guard !ids.isEmpty else { return [:] }
        let rows = try transaction.query(
            """
            SELECT delivery_id, attempted_at, status_code, error, duration_milliseconds,
                left(response_body, \(bodyLength)::integer)
            FROM webhook_attempts
            WHERE organization_id = \(organizationID) AND delivery_id = ANY(\(ids))
            ORDER BY delivery_id, number
            """)
        return try rows.decode((WebhookDeliveryID, Timestamp, Int?, String?, Int, String?).self)
            .reduce(into: [:]) { attempts, row in
                let attempt = WebhookAttempt(
                    attemptedAt: row.1, statusCode: row.2, error: row.3, durationMilliseconds: row.4,
                    responseBody: row.5)
                attempts[row.0, default: []].append(attempt)
            }
    }
}
