/// Remove an endpoint; its pending deliveries end.
public struct DeleteWebhookEndpoint: Request {
    public static let name = "notifications.delete-webhook-endpoint.v1"
    public static let recipient = ServiceName.notifications
    public typealias Reply = Done
    public static var replyExample: Done { Done() }

    public var endpointID: WebhookEndpointID

    enum CodingKeys: String, CodingKey {
        case endpointID = "endpoint_id"
    }

    public init(endpointID: WebhookEndpointID) {
        self.endpointID = endpointID
    }

    public static var example: DeleteWebhookEndpoint {
        DeleteWebhookEndpoint(endpointID: .example)
    }
}
