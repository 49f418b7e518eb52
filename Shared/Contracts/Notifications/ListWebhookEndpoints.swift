/// The organisation's endpoints.
public struct ListWebhookEndpoints: Request {
    public static let name = "notifications.list-webhook-endpoints.v1"
    public static let recipient = ServiceName.notifications
    public typealias Reply = Page<WebhookEndpointDetails>
    public static var replyExample: Page<WebhookEndpointDetails> { Page(data: [.example], nextCursor: nil) }

    public var page: PageRequest

    public init(page: PageRequest) {
        self.page = page
    }

    public static var example: ListWebhookEndpoints {
        ListWebhookEndpoints(page: PageRequest())
    }
}
