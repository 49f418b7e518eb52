import Contracts
import Messaging
import Postgres

/// The parked rows of `webhook_delivery_logs`, in the order in which they became due. Rows that somebody else has locked
/// are passed over, so that whoever takes some waits for nobody.
struct ParkedDeliveries {
    let transaction: PostgresTransaction

    /// Which of these endpoints have parked rows.
    func endpoints(among ids: [WebhookEndpointID]) throws -> Set<WebhookEndpointID> {
        guard !ids.isEmpty else { return [] }
        let rows = try transaction.query(
            """
            SELECT lane.endpoint
            FROM unnest(\(ids)) AS lane (endpoint)
            CROSS JOIN LATERAL (
                SELECT 1 FROM webhook_delivery_logs WHERE endpoint_id = lane.endpoint AND is_parked LIMIT 1) AS parked
            """)
        return Set(try rows.decode(WebhookEndpointID.self))
    }

    /// Locks as many of each endpoint as there is room for.
    func take(_ rooms: [WebhookEndpointID: Int]) throws -> [WebhookDelivery] {
        let rooms = rooms.filter { $0.value > 0 }.sorted { $0.key < $1.key }
        guard !rooms.isEmpty else { return [] }
        return try decode(
            transaction.query(
                """
                SELECT \(unescaped: WebhookDeliveryStore.columns)
                FROM unnest(\(rooms.map(\.key)), \(rooms.map(\.value))) AS lane (endpoint, room)
                CROSS JOIN LATERAL (
                    SELECT * FROM webhook_delivery_logs
                    WHERE endpoint_id = lane.endpoint AND is_parked
                    ORDER BY next_attempt_at, sequence LIMIT lane.room FOR UPDATE SKIP LOCKED
                ) AS delivery
                """))
    }

    /// Locks the first of each endpoint whose deliveries all rest since a time: nobody makes an attempt there whose end
    /// would call the next one.
    func takeForgotten(since time: Timestamp, limit: Int) throws -> [WebhookDelivery] {
        try decode(
            transaction.query(
                """
                WITH RECURSIVE lane AS (
                    (SELECT endpoint_id FROM webhook_delivery_logs WHERE is_parked ORDER BY endpoint_id LIMIT 1)
                    UNION ALL
                    SELECT (
                        SELECT next.endpoint_id FROM webhook_delivery_logs AS next
                        WHERE next.is_parked AND next.endpoint_id > lane.endpoint_id
                        ORDER BY next.endpoint_id LIMIT 1)
                    FROM lane WHERE lane.endpoint_id IS NOT NULL
                )
                SELECT \(unescaped: WebhookDeliveryStore.columns)
                FROM (SELECT endpoint_id AS endpoint FROM lane WHERE endpoint_id IS NOT NULL LIMIT \(limit)) AS lane
                CROSS JOIN LATERAL (
                    SELECT * FROM webhook_delivery_logs
                    WHERE endpoint_id = lane.endpoint AND is_parked
                    ORDER BY next_attempt_at, sequence LIMIT 1 FOR UPDATE SKIP LOCKED
                ) AS delivery
                WHERE updated_at < \(time)
                """))
    }

    private func decode(_ rows: PostgresRows) throws -> [WebhookDelivery] {
        try rows.decode(WebhookDeliveryStore.Columns.self).map(WebhookDeliveryStore.delivery)
    }
}
