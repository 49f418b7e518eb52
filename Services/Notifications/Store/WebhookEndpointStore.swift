import Contracts
import Foundation
import Messaging
import Postgres

/// The table `webhook_endpoints`.
struct WebhookEndpointStore {
    let transaction: PostgresTransaction

    /// How many an organisation may have; the table's slots say so too.
    static let maximumCount = 20

    /// An enabled endpoint with what it wants to hear.
    struct Listener {
        let id: WebhookEndpointID
        let types: Set<WebhookEventType>
    }

    private static let columns = """
        id, organization_id, url, event_types, status, secret, created_at, updated_at, deleted_at IS NOT NULL
        """

    /// The endpoints that are told of events, by organisation; organisations without any are absent.
    func listeners(of organizationIDs: [OrganizationID]) throws -> [OrganizationID: [Listener]] {
        let rows = try transaction.query(
            """
            SELECT organization_id, id, event_types FROM webhook_endpoints
            WHERE organization_id = ANY(\(organizationIDs)) AND status = 'enabled' AND deleted_at IS NULL
            ORDER BY organization_id, id
            """)
        return try rows.decode((OrganizationID, WebhookEndpointID, [String]).self).reduce(into: [:]) { listeners, row in
            let listener = Listener(id: row.1, types: Set(try Self.types(row.2)))
            listeners[row.0, default: []].append(listener)
        }
    }

    /// The endpoint, deleted or not.
    /// - Parameter locking: whether it must stay as it is until the transaction ends.
    func find(
        _ id: WebhookEndpointID, organizationID: OrganizationID, locking: Bool = false
    ) throws -> StoredWebhookEndpoint? {
        try transaction.query(
            """
            SELECT \(unescaped: Self.columns) FROM webhook_endpoints
            WHERE id = \(id) AND organization_id = \(organizationID)
            \(unescaped: locking ? "FOR NO KEY UPDATE" : "")
            """
        ).decodeFirst(Columns.self).map(Self.endpoint)
    }

    /// The endpoint, unless it is deleted.
    /// - Throws: a `not-found` ``Problem``.
    func require(
        _ id: WebhookEndpointID, organizationID: OrganizationID, locking: Bool = false
    ) throws -> StoredWebhookEndpoint {
        guard let endpoint = try find(id, organizationID: organizationID, locking: locking), !endpoint.isDeleted else {
            throw Problem.notFound("webhook endpoint")
        }
        return endpoint
    }

    /// Those older than `position`, newest first, without deleted ones.
    func page(
        before position: WebhookEndpointID?, organizationID: OrganizationID, limit: Int
    ) throws
        -> [WebhookEndpointDetails]
    {
        let rows = try transaction.query(
            """
            SELECT \(unescaped: Self.columns) FROM webhook_endpoints
            WHERE organization_id = \(organizationID) AND deleted_at IS NULL
                AND (\(position)::uuid IS NULL OR id < \(position))
            ORDER BY id DESC LIMIT \(limit)
            """)
        return try rows.decode(Columns.self).map { try Self.endpoint($0).details }
    }

    /// Adds an endpoint in the first free slot.
    /// - Returns: false when no slot is free, the id is taken, or another transaction has just taken either.
    func add(
        _ id: WebhookEndpointID, organizationID: OrganizationID, url: String, types: [WebhookEventType],
        secret: WebhookSecret, at now: Timestamp
    ) throws -> Bool {
        try transaction.execute(
            """
            INSERT INTO webhook_endpoints
                (id, organization_id, slot, url, event_types, status, secret, secret_created_at, created_at, updated_at)
            SELECT \(id), \(organizationID), slot, \(url), \(types.map(\.rawValue)), 'enabled', \(secret.text), \(now),
                \(now), \(now)
            FROM generate_series(1, \(Self.maximumCount)) AS slot
            WHERE NOT EXISTS (
                SELECT FROM webhook_endpoints AS taken
                WHERE taken.organization_id = \(organizationID) AND taken.slot = slot.slot AND taken.deleted_at IS NULL)
            ORDER BY slot LIMIT 1
            ON CONFLICT DO NOTHING
            """) == 1
    }

    /// How many the organisation has.
    func count(organizationID: OrganizationID) throws -> Int {
        try transaction.query(
            """
            SELECT count(*) FROM webhook_endpoints
            WHERE organization_id = \(organizationID) AND deleted_at IS NULL
            """
        ).decodeOne(Int.self)
    }

    /// Writes what may change of an endpoint.
    func update(_ endpoint: WebhookEndpointDetails) throws {
        try transaction.execute(
            """
            UPDATE webhook_endpoints
            SET url = \(endpoint.url), event_types = \(endpoint.eventTypes.map(\.rawValue)),
                status = \(endpoint.status.rawValue), updated_at = \(endpoint.updatedAt),
                disabled_reason = CASE WHEN \(endpoint.status.rawValue) = 'enabled' THEN NULL ELSE disabled_reason END
            WHERE id = \(endpoint.id) AND organization_id = \(endpoint.organizationID) AND deleted_at IS NULL
            """)
    }

    func delete(_ id: WebhookEndpointID, organizationID: OrganizationID, at now: Timestamp) throws {
        try transaction.execute(
            """
            UPDATE webhook_endpoints
            SET status = 'disabled', secret = NULL, deleted_at = \(now), updated_at = \(now)
            WHERE id = \(id) AND organization_id = \(organizationID) AND deleted_at IS NULL
            """)
    }

    /// Locks endpoints in the order of their ids.
    func lock(_ ids: [WebhookEndpointID]) throws {
        try transaction.execute(
            "SELECT FROM webhook_endpoints WHERE id = ANY(\(ids)) ORDER BY id FOR NO KEY UPDATE")
    }

    /// Disables endpoints that answered that they are gone.
    func disableGone(_ ids: [WebhookEndpointID], at now: Timestamp) throws {
        try transaction.execute(
            """
            UPDATE webhook_endpoints SET status = 'disabled', disabled_reason = 'gone', updated_at = \(now)
            WHERE id = ANY(\(ids)) AND status = 'enabled'
            """)
    }

    private typealias Columns = (
        WebhookEndpointID, OrganizationID, String, [String], String, String?, Timestamp, Timestamp, Bool
    )

    private static func endpoint(_ row: Columns) throws -> StoredWebhookEndpoint {
        guard let status = WebhookEndpointStatus(rawValue: row.4) else {
            throw NotificationsError.unreadableValue(table: "webhook_endpoints", column: "status")
        }
        return StoredWebhookEndpoint(
            details: WebhookEndpointDetails(
                id: row.0, organizationID: row.1, url: row.2, eventTypes: try types(row.3), status: status,
                createdAt: row.6, updatedAt: row.7), secret: row.5, isDeleted: row.8)
    }

    private static func types(_ names: [String]) throws -> [WebhookEventType] {
        try names.map { name in
            guard let type = WebhookEventType(rawValue: name) else {
                throw NotificationsError.unreadableValue(table: "webhook_endpoints", column: "event_types")
            }
            return type
        }
    }
}
