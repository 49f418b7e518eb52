import Contracts
import Messaging
import Postgres

/// Reads what planned attempts send, outside of any transaction.
struct WebhookDispatchReader: Sendable {
    /// An attempt at a delivery: only the one that was planned last is made.
    struct Planned: Hashable, Sendable {
        let id: WebhookDeliveryID
        let serial: Int
    }

    private let reads: GatheredReads<Planned, WebhookDispatch>

    init(_ database: PostgresClient) {
        reads = GatheredReads { planned in try await Self.read(planned, from: database) }
    }

    /// What a planned attempt sends; nil when the attempt is off: the delivery has ended or was planned anew, or the
    /// endpoint takes nothing.
    func find(_ id: WebhookDeliveryID, serial: Int) async throws -> WebhookDispatch? {
        try await reads.value(for: Planned(id: id, serial: serial))
    }

    private static func read(
        _ planned: [Planned], from database: PostgresClient
    ) async throws -> [Planned: Result<WebhookDispatch, any Error>] {
        let rows = try await database.query(query(planned))
        return try rows.decode((WebhookDeliveryID, Int, Int, String, String, String?, Timestamp?, String).self)
            .reduce(into: [:]) { dispatches, row in
                let (id, serial, sequence, url, newest, old, oldExpiresAt, payload) = row
                dispatches[Planned(id: id, serial: serial)] = Result {
                    WebhookDispatch(
                        url: url, secret: try secret(newest), oldSecret: try old.map(secret),
                        oldSecretExpiresAt: oldExpiresAt, sequence: sequence, payload: Array(payload.utf8))
                }
            }
    }

    /// Asks for what the planned attempts send.
    ///
    /// `LIMIT 1` has each delivery looked up by its key. A join, planned while few were pending, reads all that are pending
    /// by now, for every few attempts.
    static func query(_ planned: [Planned]) -> PostgresQuery {
        """
        SELECT delivery.id, delivery.serial, delivery.sequence, endpoint.url, endpoint.secret, endpoint.old_secret,
            endpoint.old_secret_expires_at, event.payload
        FROM unnest(\(planned.map(\.id)), \(planned.map(\.serial))) AS planned (id, serial)
        CROSS JOIN LATERAL (SELECT * FROM webhook_delivery_logs WHERE id = planned.id LIMIT 1) AS delivery
        CROSS JOIN LATERAL (SELECT * FROM webhook_endpoints WHERE id = delivery.endpoint_id LIMIT 1) AS endpoint
        CROSS JOIN LATERAL (SELECT payload FROM webhook_events WHERE id = delivery.event_id LIMIT 1) AS event
        WHERE delivery.serial = planned.serial AND delivery.status = 'pending' AND endpoint.status = 'enabled'
            AND endpoint.deleted_at IS NULL
        """
    }

    private static func secret(_ text: String) throws -> WebhookSecret {
        guard let secret = WebhookSecret(text) else {
            throw NotificationsError.unreadableValue(table: "webhook_endpoints", column: "secret")
        }
        return secret
    }
}
