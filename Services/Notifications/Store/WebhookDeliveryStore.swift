import Contracts
import Foundation
import Messaging
import Postgres

/// The tables `webhook_delivery_logs` and `webhook_attempts`, as deliveries change them. Whoever needs endpoints too
/// locks those first.
struct WebhookDeliveryStore {
    let transaction: PostgresTransaction

    /// An attempt with its place in the delivery's log.
    struct NumberedAttempt {
        let deliveryID: WebhookDeliveryID
        let organizationID: OrganizationID
        let number: Int
        let attempt: WebhookAttempt
    }

    func add(_ deliveries: [(delivery: WebhookDelivery, eventID: WebhookEventID)], at now: Timestamp) throws {
        guard !deliveries.isEmpty else { return }
        try transaction.execute(
            """
            INSERT INTO webhook_delivery_logs
                (id, organization_id, event_id, endpoint_id, status, next_attempt_at, created_at, updated_at)
            SELECT id, organization_id, event_id, endpoint_id, 'pending', \(now), \(now), \(now)
            FROM unnest(
                \(deliveries.map(\.delivery.id)), \(deliveries.map(\.delivery.organizationID)),
                \(deliveries.map(\.eventID)), \(deliveries.map(\.delivery.endpointID))
            ) AS delivery (id, organization_id, event_id, endpoint_id)
            """)
    }

    /// What a planned attempt sends; nil when the attempt is off: the delivery has ended or was planned anew, or the
    /// endpoint takes nothing.
    func findDispatch(_ id: WebhookDeliveryID, serial: Int) throws -> WebhookDispatch? {
        let row = try transaction.query(
            """
            SELECT endpoint.url, endpoint.secret, event.payload
            FROM webhook_delivery_logs AS delivery
            JOIN webhook_endpoints AS endpoint ON endpoint.id = delivery.endpoint_id
            JOIN webhook_events AS event ON event.id = delivery.event_id
            WHERE delivery.id = \(id) AND delivery.serial = \(serial) AND delivery.status = 'pending'
                AND endpoint.status = 'enabled' AND endpoint.deleted_at IS NULL
            """
        ).decodeFirst((String, String, String).self)
        guard let (url, secretText, payload) = row else { return nil }
        guard let secret = WebhookSecret(secretText) else {
            throw NotificationsError.unreadableValue(table: "webhook_endpoints", column: "secret")
        }
        return WebhookDispatch(url: url, secret: secret, payload: Array(payload.utf8))
    }

    /// Locks these deliveries, and every pending one of these endpoints, in the order of their ids.
    func lock(
        _ ids: [WebhookDeliveryID], pendingOf endpointIDs: [WebhookEndpointID] = []
    ) throws -> [WebhookDeliveryID: WebhookDelivery] {
        let rows = try transaction.query(
            """
            SELECT \(unescaped: Self.columns) FROM webhook_delivery_logs
            WHERE id = ANY(\(ids)) OR (endpoint_id = ANY(\(endpointIDs)) AND status = 'pending')
            ORDER BY id FOR UPDATE
            """)
        return try rows.decode(Columns.self).reduce(into: [:]) { deliveries, row in
            let delivery = try Self.delivery(row)
            deliveries[delivery.id] = delivery
        }
    }

    /// Locks one delivery of one endpoint.
    func lock(
        _ id: WebhookDeliveryID, endpointID: WebhookEndpointID, organizationID: OrganizationID
    ) throws -> WebhookDelivery? {
        try transaction.query(
            """
            SELECT \(unescaped: Self.columns) FROM webhook_delivery_logs
            WHERE id = \(id) AND endpoint_id = \(endpointID) AND organization_id = \(organizationID)
            FOR UPDATE
            """
        ).decodeFirst(Columns.self).map(Self.delivery)
    }

    /// Writes deliveries that were locked.
    func update(_ deliveries: [WebhookDelivery], at now: Timestamp) throws {
        guard !deliveries.isEmpty else { return }
        try transaction.execute(
            """
            UPDATE webhook_delivery_logs
            SET status = change.status, serial = change.serial, attempt_count = change.attempt_count,
                is_manual = change.is_manual, next_attempt_at = change.next_attempt_at, updated_at = \(now)
            FROM unnest(
                \(deliveries.map(\.id)), \(deliveries.map(\.status.rawValue)), \(deliveries.map(\.serial)),
                \(deliveries.map(\.attemptCount)), \(deliveries.map(\.isManual)), \(deliveries.map(\.nextAttemptAt))
            ) AS change (id, status, serial, attempt_count, is_manual, next_attempt_at)
            WHERE webhook_delivery_logs.id = change.id
            """)
    }

    /// Ends every pending delivery of an endpoint that is locked.
    func endPending(of endpointID: WebhookEndpointID, organizationID: OrganizationID, at now: Timestamp) throws {
        try transaction.execute(
            """
            WITH pending AS (
                SELECT id FROM webhook_delivery_logs
                WHERE endpoint_id = \(endpointID) AND organization_id = \(organizationID) AND status = 'pending'
                ORDER BY id FOR UPDATE)
            UPDATE webhook_delivery_logs
            SET status = 'failed', is_manual = false, next_attempt_at = NULL, updated_at = \(now)
            FROM pending WHERE webhook_delivery_logs.id = pending.id
            """)
    }

    func add(_ attempts: [NumberedAttempt]) throws {
        guard !attempts.isEmpty else { return }
        try transaction.execute(
            """
            INSERT INTO webhook_attempts
                (delivery_id, organization_id, number, attempted_at, status_code, error, duration_milliseconds,
                response_body)
            SELECT * FROM unnest(
                \(attempts.map(\.deliveryID)), \(attempts.map(\.organizationID)), \(attempts.map(\.number)),
                \(attempts.map(\.attempt.attemptedAt)), \(attempts.map(\.attempt.statusCode)),
                \(attempts.map(\.attempt.error)), \(attempts.map(\.attempt.durationMilliseconds)),
                \(attempts.map(\.attempt.responseBody)))
            """)
    }

    private static let columns =
        "id, organization_id, endpoint_id, status, serial, attempt_count, is_manual, next_attempt_at"

    private typealias Columns = (
        WebhookDeliveryID, OrganizationID, WebhookEndpointID, String, Int, Int, Bool, Timestamp?
    )

    private static func delivery(_ row: Columns) throws -> WebhookDelivery {
        guard let status = WebhookDeliveryStatus(rawValue: row.3) else {
            throw NotificationsError.unreadableValue(table: "webhook_delivery_logs", column: "status")
        }
        return WebhookDelivery(
            id: row.0, organizationID: row.1, endpointID: row.2, status: status, serial: row.4, attemptCount: row.5,
            isManual: row.6, nextAttemptAt: row.7)
    }
}
