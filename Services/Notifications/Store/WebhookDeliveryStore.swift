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

    /// A delivery that begins.
    struct Beginning {
        let delivery: WebhookDelivery
        let eventID: WebhookEventID
        /// Its number among the endpoint's deliveries.
        let sequence: Int
    }

    func add(_ beginnings: [Beginning], at now: Timestamp) throws {
        guard !beginnings.isEmpty else { return }
        try transaction.execute(
            """
            INSERT INTO webhook_delivery_logs
                (id, organization_id, event_id, endpoint_id, sequence, status, next_attempt_at, is_parked, parked_step,
                created_at, updated_at)
            SELECT id, organization_id, event_id, endpoint_id, sequence, 'pending', \(now), is_parked, parked_step,
                \(now), \(now)
            FROM unnest(
                \(beginnings.map(\.delivery.id)), \(beginnings.map(\.delivery.organizationID)),
                \(beginnings.map(\.eventID)), \(beginnings.map(\.delivery.endpointID)), \(beginnings.map(\.sequence)),
                \(beginnings.map { $0.delivery.parked != nil }), \(beginnings.map(\.delivery.parked?.step))
            ) AS delivery (id, organization_id, event_id, endpoint_id, sequence, is_parked, parked_step)
            """)
    }

    /// Locks these deliveries, and every pending one of these endpoints, in the order of their ids.
    func lock(
        _ ids: [WebhookDeliveryID], pendingOf endpointIDs: [WebhookEndpointID] = []
    ) throws -> [WebhookDeliveryID: WebhookDelivery] {
        guard !ids.isEmpty || !endpointIDs.isEmpty else { return [:] }
        // Each way in by its own index: one plan for both may read all deliveries in the order of their ids.
        let rows = try transaction.query(
            endpointIDs.isEmpty
                ? """
                SELECT \(unescaped: Self.columns) FROM webhook_delivery_logs
                WHERE id = ANY(\(ids)) ORDER BY id FOR UPDATE
                """
                : """
                SELECT \(unescaped: Self.columns) FROM webhook_delivery_logs
                WHERE id IN (
                    SELECT unnest(\(ids))
                    UNION
                    SELECT id FROM webhook_delivery_logs
                    WHERE endpoint_id = ANY(\(endpointIDs)) AND status = 'pending')
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

    /// Locks those of an endpoint's deliveries that began within a time and ended in one of these ways, oldest first.
    func lockEnded(
        of endpointID: WebhookEndpointID, organizationID: OrganizationID, statuses: [WebhookDeliveryStatus],
        from: Timestamp, until: Timestamp, after position: WebhookDeliveryID?, limit: Int
    ) throws -> [WebhookDelivery] {
        try transaction.query(
            """
            SELECT \(unescaped: Self.columns) FROM webhook_delivery_logs
            WHERE endpoint_id = \(endpointID) AND organization_id = \(organizationID) AND status <> 'pending'
                AND status = ANY(\(statuses.map(\.rawValue))) AND created_at >= \(from) AND created_at < \(until)
                AND id > coalesce(\(position), '00000000-0000-0000-0000-000000000000'::uuid)
            ORDER BY id LIMIT \(limit) FOR UPDATE
            """
        ).decode(Columns.self).map(Self.delivery)
    }

    /// Writes deliveries that were locked.
    func update(_ deliveries: [WebhookDelivery], at now: Timestamp) throws {
        guard !deliveries.isEmpty else { return }
        try transaction.execute(
            """
            UPDATE webhook_delivery_logs
            SET status = change.status, serial = change.serial, attempt_count = change.attempt_count,
                is_manual = change.is_manual, next_attempt_at = change.next_attempt_at, is_parked = change.is_parked,
                parked_step = change.parked_step, updated_at = \(now)
            FROM unnest(
                \(deliveries.map(\.id)), \(deliveries.map(\.status.rawValue)), \(deliveries.map(\.serial)),
                \(deliveries.map(\.attemptCount)), \(deliveries.map(\.isManual)), \(deliveries.map(\.nextAttemptAt)),
                \(deliveries.map { $0.parked != nil }), \(deliveries.map(\.parked?.step))
            ) AS change (id, status, serial, attempt_count, is_manual, next_attempt_at, is_parked, parked_step)
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
            SET status = 'failed', is_manual = false, next_attempt_at = NULL, is_parked = false, parked_step = NULL,
                updated_at = \(now)
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

    /// An attempt whose endpoint has taken the webhook.
    struct Taken {
        let deliveryID: WebhookDeliveryID
        /// Of the delivery when the attempt was planned.
        let serial: Int
        let attempt: WebhookAttempt
    }

    /// Ends pending deliveries whose endpoints have taken them and were not failing: the usual end, in one statement.
    /// - Returns: those that it ended; the others need a closer look.
    func end(_ taken: [Taken], at now: Timestamp) throws -> Set<WebhookDeliveryID> {
        guard !taken.isEmpty else { return [] }
        let rows = try transaction.query(
            """
            WITH ended AS (
                UPDATE webhook_delivery_logs AS delivery
                SET status = 'delivered', attempt_count = delivery.attempt_count + 1, is_manual = false,
                    next_attempt_at = NULL, is_parked = false, parked_step = NULL, updated_at = \(now)
                FROM (
                    SELECT taken.* FROM unnest(
                        \(taken.map(\.deliveryID)), \(taken.map(\.serial)), \(taken.map(\.attempt.attemptedAt)),
                        \(taken.map(\.attempt.statusCode)), \(taken.map(\.attempt.durationMilliseconds)),
                        \(taken.map(\.attempt.responseBody))
                    ) AS taken (id, serial, attempted_at, status_code, duration_milliseconds, response_body)
                    CROSS JOIN LATERAL (
                        SELECT endpoint_id FROM webhook_delivery_logs WHERE id = taken.id LIMIT 1) AS known
                    CROSS JOIN LATERAL (
                        SELECT FROM webhook_endpoints WHERE id = known.endpoint_id AND failing_since IS NULL LIMIT 1
                    ) AS well
                    ORDER BY taken.id
                ) AS taken
                WHERE delivery.id = taken.id AND delivery.serial = taken.serial
                    -- Not for an index to see: that of pending deliveries, taken while they were few, is read whole later.
                    AND CASE delivery.status WHEN 'pending' THEN true END
                RETURNING delivery.id, delivery.organization_id, delivery.attempt_count AS number, taken.attempted_at,
                    taken.status_code, taken.duration_milliseconds, taken.response_body
            )
            INSERT INTO webhook_attempts
                (delivery_id, organization_id, number, attempted_at, status_code, duration_milliseconds, response_body)
            SELECT id, organization_id, number, attempted_at, status_code, duration_milliseconds, response_body
            FROM ended
            RETURNING delivery_id
            """)
        return Set(try rows.decode(WebhookDeliveryID.self))
    }

    /// Deletes ended deliveries that nothing has happened to since a time, with their attempts.
    /// - Returns: how many went.
    func purge(before time: Timestamp, limit: Int) throws -> Int {
        let rows = try transaction.query(
            """
            SELECT id FROM webhook_delivery_logs
            WHERE created_at < \(time) AND updated_at < \(time) AND status <> 'pending'
            LIMIT \(limit) FOR UPDATE SKIP LOCKED
            """)
        let ids = try rows.decode(WebhookDeliveryID.self)
        guard !ids.isEmpty else { return 0 }
        try transaction.execute("DELETE FROM webhook_attempts WHERE delivery_id = ANY(\(ids))")
        try transaction.execute("DELETE FROM webhook_delivery_logs WHERE id = ANY(\(ids))")
        return ids.count
    }

    static let columns = """
        id, organization_id, endpoint_id, status, serial, attempt_count, is_manual, next_attempt_at, is_parked, parked_step
        """

    typealias Columns = (
        WebhookDeliveryID, OrganizationID, WebhookEndpointID, String, Int, Int, Bool, Timestamp?, Bool, Int?
    )

    static func delivery(_ row: Columns) throws -> WebhookDelivery {
        guard let status = WebhookDeliveryStatus(rawValue: row.3) else {
            throw NotificationsError.unreadableValue(table: "webhook_delivery_logs", column: "status")
        }
        return WebhookDelivery(
            id: row.0, organizationID: row.1, endpointID: row.2, status: status, serial: row.4, attemptCount: row.5,
            isManual: row.6, nextAttemptAt: row.7,
            parked: row.8 ? WebhookDelivery.Plan(serial: row.4, step: row.9) : nil)
    }
}
