import Contracts
import Messaging
import Postgres

/// Reads what planned attempts send, outside of any transaction.
struct WebhookDispatchReader: Sendable {
    private struct Planned: Hashable, Sendable {
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
        let rows = try await database.query(
            """
            SELECT delivery.id, delivery.serial, delivery.sequence, endpoint.url, endpoint.secret, endpoint.old_secret,
                endpoint.old_secret_expires_at, event.payload
            FROM unnest(\(planned.map(\.id)), \(planned.map(\.serial))) AS planned (id, serial)
            JOIN webhook_delivery_logs AS delivery ON delivery.id = planned.id AND delivery.serial = planned.serial
            JOIN webhook_endpoints AS endpoint ON endpoint.id = delivery.endpoint_id
            JOIN webhook_events AS event ON event.id = delivery.event_id
            WHERE delivery.status = 'pending' AND endpoint.status = 'enabled' AND endpoint.deleted_at IS NULL
            """)
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

    private static func secret(_ text: String) throws -> WebhookSecret {
        guard let secret = WebhookSecret(text) else {
            throw NotificationsError.unreadableValue(table: "webhook_endpoints", column: "secret")
        }
        return secret
    }
}
