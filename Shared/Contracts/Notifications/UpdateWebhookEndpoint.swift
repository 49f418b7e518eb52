/// Change an endpoint.
public struct UpdateWebhookEndpoint: Request {
    public static let name = "notifications.update-webhook-endpoint.v1"
    public static let recipient = ServiceName.notifications
    public typealias Reply = WebhookEndpointDetails
    public static var replyExample: WebhookEndpointDetails { .example }

    public var endpointID: WebhookEndpointID
    public var changes: WebhookEndpointChanges

    enum CodingKeys: String, CodingKey {
        case changes
        case endpointID = "endpoint_id"
    }

    public init(endpointID: WebhookEndpointID, changes: WebhookEndpointChanges) {
        self.endpointID = endpointID
        self.changes = changes
    }

    public static var example: UpdateWebhookEndpoint {
        UpdateWebhookEndpoint(endpointID: .example, changes: .example)
    }
}
