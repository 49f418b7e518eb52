/// One webhook event on its way to one endpoint.
public struct WebhookDeliveryDetails: Codable, Sendable, Equatable {
    public var id: WebhookDeliveryID
    public var endpointID: WebhookEndpointID
    public var eventType: WebhookEventType
    /// Numbers the endpoint's deliveries from 1, without gaps.
    public var sequence: Int?
    public var status: WebhookDeliveryStatus
    public var attempts: [WebhookAttempt]
    public var nextAttemptAt: Timestamp?
    public var createdAt: Timestamp
    /// The body that is sent.
    public var payload: JSONValue

    enum CodingKeys: String, CodingKey {
        case id, sequence, status, attempts, payload
        case endpointID = "endpoint_id"
        case eventType = "event_type"
        case nextAttemptAt = "next_attempt_at"
        case createdAt = "created_at"
    }

    public init(
        id: WebhookDeliveryID, endpointID: WebhookEndpointID, eventType: WebhookEventType, sequence: Int? = nil,
        status: WebhookDeliveryStatus, attempts: [WebhookAttempt], nextAttemptAt: Timestamp? = nil,
        createdAt: Timestamp, payload: JSONValue
    ) {
        self.id = id
        self.endpointID = endpointID
        self.eventType = eventType
        self.sequence = sequence
        self.status = status
        self.attempts = attempts
        self.nextAttemptAt = nextAttemptAt
        self.createdAt = createdAt
        self.payload = payload
    }

    public static var example: WebhookDeliveryDetails {
        WebhookDeliveryDetails(
            id: .example, endpointID: .example, eventType: .example, sequence: 1, status: .example,
            attempts: [.example], nextAttemptAt: .example, createdAt: .example, payload: .object([:])
        )
    }
}
