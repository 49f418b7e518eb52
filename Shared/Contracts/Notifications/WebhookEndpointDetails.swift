/// A webhook endpoint as readers see it.
public struct WebhookEndpointDetails: Codable, Sendable, Equatable {
    public var id: WebhookEndpointID
    public var organizationID: OrganizationID
    public var url: String
    public var eventTypes: [WebhookEventType]
    public var status: WebhookEndpointStatus
    /// Why it is disabled, when it was not its owner's wish.
    public var disabledReason: WebhookDisabledReason?
    /// When that happened.
    public var disabledAt: Timestamp?
    /// Since when every attempt has failed; absent while the last one succeeded.
    public var failingSince: Timestamp?
    /// Only in the answers that created it or made it a new one.
    public var secret: String?
    /// Until when deliveries are signed with the secret before this one too.
    public var oldSecretExpiresAt: Timestamp?
    public var createdAt: Timestamp
    public var updatedAt: Timestamp

    enum CodingKeys: String, CodingKey {
        case id, url, status, secret
        case organizationID = "organization_id"
        case disabledReason = "disabled_reason"
        case disabledAt = "disabled_at"
        case failingSince = "failing_since"
        case oldSecretExpiresAt = "old_secret_expires_at"
        case eventTypes = "event_types"
        case createdAt = "created_at"
        case updatedAt = "updated_at"
    }

    public init(
        id: WebhookEndpointID, organizationID: OrganizationID, url: String, eventTypes: [WebhookEventType],
        status: WebhookEndpointStatus, disabledReason: WebhookDisabledReason? = nil, disabledAt: Timestamp? = nil,
        failingSince: Timestamp? = nil, secret: String? = nil, oldSecretExpiresAt: Timestamp? = nil,
        createdAt: Timestamp, updatedAt: Timestamp
    ) {
        self.id = id
        self.organizationID = organizationID
        self.url = url
        self.eventTypes = eventTypes
        self.status = status
        self.disabledReason = disabledReason
        self.disabledAt = disabledAt
        self.failingSince = failingSince
        self.secret = secret
        self.oldSecretExpiresAt = oldSecretExpiresAt
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }

    public static var example: WebhookEndpointDetails {
        WebhookEndpointDetails(
            id: .example, organizationID: .example, url: "https://example.org/hooks", eventTypes: [.example],
            status: .example, disabledReason: .example, disabledAt: .example, failingSince: .example,
            secret: "whsec_AAAA", oldSecretExpiresAt: .example, createdAt: .example, updatedAt: .example
        )
    }
}
