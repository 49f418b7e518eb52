import Contracts
import Foundation
import Messaging
import Postgres

/// The tables `api_keys` and `rate_limit_rules`.
struct APIKeyStore {
    let transaction: PostgresTransaction

    /// The key with this visible part, with its organisation's status and its rate limit; nil when there is none.
    static func find(prefix: String, in database: PostgresClient) async throws -> APIKeyRecord? {
        let rows = try await database.query(
            """
            SELECT key.id, key.organization_id, organization.status, key.name, key.key_hash, key.scopes,
                coalesce(rule.requests_per_second, \(TokenBucket.defaultRequestsPerSecond)),
                key.expires_at, key.revoked_at
            FROM api_keys AS key
            JOIN organizations AS organization ON organization.id = key.organization_id
            LEFT JOIN rate_limit_rules AS rule ON rule.api_key_id = key.id
            WHERE key.prefix = \(prefix)
            """)
        return try rows.decodeFirst(
            (
                APIKeyID, OrganizationID, String, String, [UInt8], [String], Int, Timestamp?, Timestamp?
            ).self
        ).map { id, organizationID, status, name, hash, scopes, requestsPerSecond, expiresAt, revokedAt in
            APIKeyRecord(
                id: id, organizationID: organizationID, organizationStatus: try known(status), name: name, hash: hash,
                // A scope that a newer version knows gives nothing here.
                scopes: Set(scopes.compactMap(Scope.init(rawValue:))), requestsPerSecond: requestsPerSecond,
                expiresAt: expiresAt, revokedAt: revokedAt)
        }
    }

    /// Stores a new key. A repetition under the same id replaces the secret: the first answer was lost, and nobody has
    /// it.
    func create(
        _ draft: APIKeyDraft, id: APIKeyID, organizationID: OrganizationID, secret: APIKeySecret, at now: Timestamp
    ) throws -> APIKeyDetails {
        let scopes = Scope.allCases.filter(draft.scopes.contains)
        try transaction.execute(
            """
            INSERT INTO api_keys (id, organization_id, name, prefix, key_hash, scopes, expires_at, created_at)
            VALUES (
                \(id), \(organizationID), \(draft.name), \(secret.prefix), \(secret.hash), \(scopes.map(\.rawValue)),
                \(draft.expiresAt), \(now))
            ON CONFLICT (id) DO UPDATE SET prefix = excluded.prefix, key_hash = excluded.key_hash
            WHERE api_keys.organization_id = excluded.organization_id AND api_keys.revoked_at IS NULL
            """)
        if let requestsPerSecond = draft.requestsPerSecond {
            try transaction.execute(
                """
                INSERT INTO rate_limit_rules (api_key_id, organization_id, requests_per_second, created_at)
                VALUES (\(id), \(organizationID), \(requestsPerSecond), \(now))
                ON CONFLICT (api_key_id) DO NOTHING
                """)
        }
        guard var key = try find(id, organizationID: organizationID) else { throw Problem.notFound("key") }
        key.key = secret.text
        return key
    }

    func find(_ id: APIKeyID, organizationID: OrganizationID) throws -> APIKeyDetails? {
        try keys(
            """
            \(unescaped: Self.selection)
            WHERE key.organization_id = \(organizationID) AND key.id = \(id)
            """
        ).first
    }

    /// Makes a key stop working for good.
    /// - Returns: whether it had worked until now; nil when the organisation has no such key.
    func revoke(_ id: APIKeyID, organizationID: OrganizationID, at now: Timestamp) throws -> Bool? {
        let revoked = try transaction.execute(
            """
            UPDATE api_keys SET revoked_at = \(now)
            WHERE organization_id = \(organizationID) AND id = \(id) AND revoked_at IS NULL
            """)
        if revoked == 1 { return true }
        return try find(id, organizationID: organizationID).map { _ in false }
    }

    /// One page of an organisation's keys, newest first. The cursor is the id of the page's last key.
    func page(_ page: PageRequest, organizationID: OrganizationID) throws -> Page<APIKeyDetails> {
        let before: APIKeyID? = try page.position()
        let rows = try keys(
            """
            \(unescaped: Self.selection)
            WHERE key.organization_id = \(organizationID) AND (\(before)::uuid IS NULL OR key.id < \(before))
            ORDER BY key.id DESC LIMIT \(page.limit + 1)
            """)
        return Page(rows: rows, limit: page.limit) { $0.id.description }
    }

    /// Notes when keys were used last.
    func touch(_ uses: [APIKeyID: Timestamp]) throws {
        guard !uses.isEmpty else { return }
        let uses = uses.sorted { $0.key < $1.key }
        try transaction.execute(
            """
            UPDATE api_keys AS key SET last_used_at = touched.used_at
            FROM (
                SELECT key.id, used.used_at
                FROM api_keys AS key
                JOIN unnest(\(uses.map(\.key)), \(uses.map(\.value))) AS used (id, used_at) ON used.id = key.id
                WHERE key.last_used_at IS NULL OR key.last_used_at < used.used_at
                ORDER BY key.id FOR UPDATE OF key
            ) AS touched
            WHERE key.id = touched.id
            """)
    }

    private static let selection = """
        SELECT key.id, key.organization_id, key.name, key.prefix, key.scopes,
            coalesce(rule.requests_per_second, \(TokenBucket.defaultRequestsPerSecond)), key.expires_at,
            key.revoked_at, key.last_used_at, key.created_at
        FROM api_keys AS key LEFT JOIN rate_limit_rules AS rule ON rule.api_key_id = key.id
        """

    private func keys(_ query: PostgresQuery) throws -> [APIKeyDetails] {
        try transaction.query(query).decode(
            (
                APIKeyID, OrganizationID, String, String, [String], Int, Timestamp?, Timestamp?, Timestamp?, Timestamp
            ).self
        ).map {
            id, organizationID, name, prefix, scopes, requestsPerSecond, expiresAt, revokedAt, lastUsedAt, createdAt in
            APIKeyDetails(
                id: id, organizationID: organizationID, name: name, prefix: prefix,
                scopes: scopes.compactMap(Scope.init(rawValue:)), requestsPerSecond: requestsPerSecond,
                expiresAt: expiresAt, revokedAt: revokedAt, lastUsedAt: lastUsedAt, createdAt: createdAt)
        }
    }
}
