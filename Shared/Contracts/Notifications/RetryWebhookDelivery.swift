/// Try a delivery again now.
public struct RetryWebhookDelivery: Request {
    public static let name = "notifications.retry-webhook-delivery.v1"
    public static let recipient = ServiceName.notifications
    public typealias Reply = WebhookDeliveryDetails
    public static var replyExample: WebhookDeliveryDetails { .example }

    public var endpointID: WebhookEndpointID
    public var deliveryID: WebhookDeliveryID

    enum CodingKeys: String, CodingKey {
        case endpointID = "endpoint_id"
        case deliveryID = "delivery_id"
    }

    public init(endpointID: WebhookEndpointID, deliveryID: WebhookDeliveryID) {
        self.endpointID = endpointID
        self.deliveryID = deliveryID
    }

    public static var example: RetryWebhookDelivery {
        RetryWebhookDelivery(endpointID: .example, deliveryID: .example)
    }
}
