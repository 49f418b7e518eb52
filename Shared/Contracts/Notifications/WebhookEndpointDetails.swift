/// A webhook endpoint as readers see it.
public struct WebhookEndpointDetails: Codable, Sendable, Equatable {
    public var id: WebhookEndpointID
    public var organizationID: OrganizationID
    public var url: String
    public var eventTypes: [WebhookEventType]
    public var status: WebhookEndpointStatus
    /// Only in the answer that created it.
    public var secret: String?
    public var createdAt: Timestamp
    public var updatedAt: Timestamp

    enum CodingKeys: String, CodingKey {
        case id, url, status, secret
        case organizationID = "organization_id"
        case eventTypes = "event_types"
        case createdAt = "created_at"
        case updatedAt = "updated_at"
    }

    public init(
        id: WebhookEndpointID, organizationID: OrganizationID, url: String, eventTypes: [WebhookEventType],
        status: WebhookEndpointStatus, secret: String? = nil, createdAt: Timestamp, updatedAt: Timestamp
    ) {
        self.id = id
        self.organizationID = organizationID
        self.url = url
        self.eventTypes = eventTypes
        self.status = status
        self.secret = secret
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }

    public static var example: WebhookEndpointDetails {
        WebhookEndpointDetails(
            id: .example, organizationID: .example, url: "https://example.org/hooks", eventTypes: [.example],
            status: .example, secret: "whsec_AAAA", createdAt: .example, updatedAt: .example
        )
    }
}
