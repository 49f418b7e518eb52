/// An endpoint's deliveries, newest first.
public struct ListWebhookDeliveries: Request {
    public static let name = "notifications.list-webhook-deliveries.v1"
    public static let recipient = ServiceName.notifications
    public typealias Reply = Page<WebhookDeliveryDetails>
    public static var replyExample: Page<WebhookDeliveryDetails> { Page(data: [.example], nextCursor: nil) }

    public var endpointID: WebhookEndpointID
    public var page: PageRequest

    enum CodingKeys: String, CodingKey {
        case page
        case endpointID = "endpoint_id"
    }

    public init(endpointID: WebhookEndpointID, page: PageRequest) {
        self.endpointID = endpointID
        self.page = page
    }

    public static var example: ListWebhookDeliveries {
        ListWebhookDeliveries(endpointID: .example, page: PageRequest())
    }
}
