import Contracts
import Messaging
import Postgres

/// The table `webhook_endpoints` as deliveries go by it: who is told, under which number, and how the endpoint fares.
/// Endpoints are locked in the order of their ids.
struct WebhookListenerStore {
    let transaction: PostgresTransaction

    /// An enabled endpoint with what it wants to hear, locked.
    struct Listener {
        let id: WebhookEndpointID
        let types: Set<WebhookEventType>
        /// The number of its newest delivery.
        var lastSequence: Int
    }

    /// Locks the enabled endpoints of organisations that listen to any of these types.
    func lock(
        of organizationIDs: [OrganizationID], types: [WebhookEventType]
    ) throws -> [OrganizationID: [Listener]] {
        let rows = try transaction.query(
            """
            SELECT organization_id, id, event_types, last_sequence FROM webhook_endpoints
            WHERE organization_id = ANY(\(organizationIDs)) AND status = 'enabled' AND deleted_at IS NULL
                AND event_types && \(types.map(\.rawValue))
            ORDER BY id FOR NO KEY UPDATE
            """)
        return try rows.decode((OrganizationID, WebhookEndpointID, [String], Int).self)
            .reduce(into: [:]) { listeners, row in
                let listener = Listener(
                    id: row.1, types: Set(try WebhookEndpointStore.types(row.2)), lastSequence: row.3)
                listeners[row.0, default: []].append(listener)
            }
    }

    /// Writes the numbers of locked endpoints' newest deliveries.
    func setSequences(_ listeners: [Listener]) throws {
        guard !listeners.isEmpty else { return }
        try transaction.execute(
            """
            UPDATE webhook_endpoints SET last_sequence = listener.last_sequence
            FROM unnest(\(listeners.map(\.id)), \(listeners.map(\.lastSequence))) AS listener (id, last_sequence)
            WHERE webhook_endpoints.id = listener.id
            """)
    }

    /// An endpoint as attempts judge it.
    struct Judged {
        let organizationID: OrganizationID
        let url: String
        let isEnabled: Bool
        var health: WebhookEndpointHealth
    }

    /// How endpoints fare.
    /// - Parameter locking: whether they must stay as they are until the transaction ends.
    func judged(_ ids: [WebhookEndpointID], locking: Bool) throws -> [WebhookEndpointID: Judged] {
        guard !ids.isEmpty else { return [:] }
        let rows = try transaction.query(
            """
            SELECT id, organization_id, url, status = 'enabled' AND deleted_at IS NULL, failing_since
            FROM webhook_endpoints WHERE id = ANY(\(ids))
            ORDER BY id \(unescaped: locking ? "FOR NO KEY UPDATE" : "")
            """)
        return try rows.decode((WebhookEndpointID, OrganizationID, String, Bool, Timestamp?).self)
            .reduce(into: [:]) { judged, row in
                judged[row.0] = Judged(
                    organizationID: row.1, url: row.2, isEnabled: row.3,
                    health: WebhookEndpointHealth(failingSince: row.4))
            }
    }

    /// Writes since when locked endpoints fail.
    func setHealth(_ healths: [(id: WebhookEndpointID, health: WebhookEndpointHealth)]) throws {
        guard !healths.isEmpty else { return }
        try transaction.execute(
            """
            UPDATE webhook_endpoints SET failing_since = judged.failing_since
            FROM unnest(\(healths.map(\.id)), \(healths.map(\.health.failingSince))) AS judged (id, failing_since)
            WHERE webhook_endpoints.id = judged.id
            """)
    }

    /// Disables locked endpoints.
    func disable(
        _ endpoints: [(id: WebhookEndpointID, reason: WebhookDisabledReason)], at now: Timestamp
    ) throws {
        guard !endpoints.isEmpty else { return }
        try transaction.execute(
            """
            UPDATE webhook_endpoints
            SET status = 'disabled', disabled_reason = ended.reason, disabled_at = \(now), updated_at = \(now)
            FROM unnest(\(endpoints.map(\.id)), \(endpoints.map(\.reason.rawValue))) AS ended (id, reason)
            WHERE webhook_endpoints.id = ended.id AND status = 'enabled'
            """)
    }
}
