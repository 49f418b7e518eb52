/// An endpoint's deliveries, newest first.
public struct ListWebhookDeliveries: Request {
    public static let name = "notifications.list-webhook-deliveries.v1"
    public static let recipient = ServiceName.notifications
    public typealias Reply = Page<WebhookDeliveryDetails>
    public static var replyExample: Page<WebhookDeliveryDetails> { Page(data: [.example], nextCursor: nil) }

    public var endpointID: WebhookEndpointID
    public var page: PageRequest
    /// Only those in this status.
    public var status: WebhookDeliveryStatus?
    /// Only those that began at this time or later.
    public var from: Timestamp?
    /// Only those that began before this time.
    public var until: Timestamp?

    enum CodingKeys: String, CodingKey {
        case page, status, from, until
        case endpointID = "endpoint_id"
    }

    public init(
        endpointID: WebhookEndpointID, page: PageRequest, status: WebhookDeliveryStatus? = nil, from: Timestamp? = nil,
        until: Timestamp? = nil
    ) {
        self.endpointID = endpointID
        self.page = page
        self.status = status
        self.from = from
        self.until = until
    }

    public static var example: ListWebhookDeliveries {
        ListWebhookDeliveries(
            endpointID: .example, page: PageRequest(), status: .failed, from: .example, until: .example)
    }
}
