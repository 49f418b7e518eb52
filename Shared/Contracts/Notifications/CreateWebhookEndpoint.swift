/// Register an endpoint. The secret is in this answer only.
public struct CreateWebhookEndpoint: Request {
    public static let name = "notifications.create-webhook-endpoint.v1"
    public static let recipient = ServiceName.notifications
    public typealias Reply = WebhookEndpointDetails
    public static var replyExample: WebhookEndpointDetails { .example }

    public var endpointID: WebhookEndpointID
    public var url: String
    public var eventTypes: [WebhookEventType]

    enum CodingKeys: String, CodingKey {
        case url
        case endpointID = "endpoint_id"
        case eventTypes = "event_types"
    }

    public init(endpointID: WebhookEndpointID, url: String, eventTypes: [WebhookEventType]) {
        self.endpointID = endpointID
        self.url = url
        self.eventTypes = eventTypes
    }

    public static var example: CreateWebhookEndpoint {
        CreateWebhookEndpoint(endpointID: .example, url: "https://example.org/hooks", eventTypes: [.example])
    }
}
