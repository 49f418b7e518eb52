import Contracts
import Foundation
import Messaging
import Postgres

/// The table `webhook_endpoints`.
struct WebhookEndpointStore {
    let transaction: PostgresTransaction

    /// How many an organisation may have; the table's slots say so too.
    static let maximumCount = 20

    private static let columns = """
        id, organization_id, url, event_types, status, disabled_reason, disabled_at, failing_since, secret,
        old_secret_expires_at, secret_rotation_id, created_at, updated_at, deleted_at IS NOT NULL
        """

    /// What the enabled endpoints of organisations want to hear; organisations without any are absent.
    func heardTypes(by organizationIDs: [OrganizationID]) throws -> [OrganizationID: Set<WebhookEventType>] {
        let rows = try transaction.query(
            """
            SELECT organization_id, event_types FROM webhook_endpoints
            WHERE organization_id = ANY(\(organizationIDs)) AND status = 'enabled' AND deleted_at IS NULL
            """)
        return try rows.decode((OrganizationID, [String]).self).reduce(into: [:]) { heard, row in
            heard[row.0, default: []].formUnion(try Self.types(row.1))
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
                status = \(endpoint.status.rawValue), disabled_reason = \(endpoint.disabledReason?.rawValue),
                disabled_at = \(endpoint.disabledAt), failing_since = \(endpoint.failingSince),
                updated_at = \(endpoint.updatedAt)
            WHERE id = \(endpoint.id) AND organization_id = \(endpoint.organizationID) AND deleted_at IS NULL
            """)
    }

    func delete(_ id: WebhookEndpointID, organizationID: OrganizationID, at now: Timestamp) throws {
        try transaction.execute(
            """
            UPDATE webhook_endpoints
            SET status = 'disabled', secret = NULL, old_secret = NULL, old_secret_expires_at = NULL,
                deleted_at = \(now), updated_at = \(now)
            WHERE id = \(id) AND organization_id = \(organizationID) AND deleted_at IS NULL
            """)
    }

    /// Makes the secret that a locked endpoint has its old one, and gives it a new one.
    /// - Parameter oldExpiresAt: until when the old one signs too; nil for not at all.
    func rotateSecret(
        of id: WebhookEndpointID, organizationID: OrganizationID, to secret: WebhookSecret, oldExpiresAt: Timestamp?,
        rotationID: WebhookSecretRotationID, at now: Timestamp
    ) throws {
        try transaction.execute(
            """
            UPDATE webhook_endpoints
            SET old_secret = CASE WHEN \(oldExpiresAt)::timestamptz IS NOT NULL THEN secret END,
                old_secret_expires_at = \(oldExpiresAt), secret = \(secret.text), secret_created_at = \(now),
                secret_rotation_id = \(rotationID), updated_at = \(now)
            WHERE id = \(id) AND organization_id = \(organizationID) AND deleted_at IS NULL
            """)
    }

    /// Forgets old secrets that sign no more.
    /// - Returns: how many went.
    func forgetOldSecrets(at now: Timestamp, limit: Int) throws -> Int {
        try transaction.execute(
            """
            WITH expired AS (
                SELECT id FROM webhook_endpoints WHERE old_secret IS NOT NULL AND old_secret_expires_at <= \(now)
                LIMIT \(limit) FOR NO KEY UPDATE SKIP LOCKED)
            UPDATE webhook_endpoints SET old_secret = NULL, old_secret_expires_at = NULL
            FROM expired WHERE webhook_endpoints.id = expired.id
            """)
    }

    private typealias Columns = (
        WebhookEndpointID, OrganizationID, String, [String], String, String?, Timestamp?, Timestamp?, String?,
        Timestamp?,
        WebhookSecretRotationID?, Timestamp, Timestamp, Bool
    )

    private static func endpoint(_ row: Columns) throws -> StoredWebhookEndpoint {
        guard let status = WebhookEndpointStatus(rawValue: row.4) else {
            throw NotificationsError.unreadableValue(table: "webhook_endpoints", column: "status")
        }
        let reason = try row.5.map { name in
            guard let reason = WebhookDisabledReason(rawValue: name) else {
                throw NotificationsError.unreadableValue(table: "webhook_endpoints", column: "disabled_reason")
            }
            return reason
        }
        return StoredWebhookEndpoint(
            details: WebhookEndpointDetails(
                id: row.0, organizationID: row.1, url: row.2, eventTypes: try types(row.3), status: status,
                disabledReason: reason, disabledAt: row.6, failingSince: row.7, oldSecretExpiresAt: row.9,
                createdAt: row.11, updatedAt: row.12),
            secret: row.8, rotationID: row.10, isDeleted: row.13)
    }

    static func types(_ names: [String]) throws -> [WebhookEventType] {
        try names.map { name in
            guard let type = WebhookEventType(rawValue: name) else {
                throw NotificationsError.unreadableValue(table: "webhook_endpoints", column: "event_types")
            }
            return type
        }
    }
}
