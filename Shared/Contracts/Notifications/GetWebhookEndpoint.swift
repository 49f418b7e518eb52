/// One endpoint.
public struct GetWebhookEndpoint: Request {
    public static let name = "notifications.get-webhook-endpoint.v1"
    public static let recipient = ServiceName.notifications
    public typealias Reply = WebhookEndpointDetails
    public static var replyExample: WebhookEndpointDetails { .example }

    public var endpointID: WebhookEndpointID

    enum CodingKeys: String, CodingKey {
        case endpointID = "endpoint_id"
    }

    public init(endpointID: WebhookEndpointID) {
        self.endpointID = endpointID
    }

    public static var example: GetWebhookEndpoint {
        GetWebhookEndpoint(endpointID: .example)
    }
}
