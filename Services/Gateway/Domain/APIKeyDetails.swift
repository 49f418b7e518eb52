import Contracts

/// An API key as the platform sees it.
struct APIKeyDetails: Codable, Sendable, Equatable {
    var id: APIKeyID
    var organizationID: OrganizationID
    var name: String
    /// The visible part, by which a key is found again in logs and lists.
    var prefix: String
    var scopes: [Scope]
    var requestsPerSecond: Int
    var expiresAt: Timestamp?
    var revokedAt: Timestamp?
    var lastUsedAt: Timestamp?
    var createdAt: Timestamp
    /// The whole key: only in the answer that created it.
    var key: String?

    enum CodingKeys: String, CodingKey {
        case id, name, prefix, scopes, key
        case organizationID = "organization_id"
        case requestsPerSecond = "requests_per_second"
        case expiresAt = "expires_at"
        case revokedAt = "revoked_at"
        case lastUsedAt = "last_used_at"
        case createdAt = "created_at"
    }

    static var example: APIKeyDetails {
        APIKeyDetails(
            id: .example, organizationID: .example, name: "Box office", prefix: "vge_Ab3dE6gH",
            scopes: [.eventsRead, .checkoutsWrite], requestsPerSecond: 2000, expiresAt: .example, revokedAt: .example,
            lastUsedAt: .example, createdAt: .example,
            key: "vge_Ab3dE6gH_0000000000000000000000000000000000000000000")
    }
}
