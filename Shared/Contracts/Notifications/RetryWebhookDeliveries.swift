/// Try again now, oldest first, what an endpoint did not get in a stretch of time.
public struct RetryWebhookDeliveries: Request {
    public static let name = "notifications.retry-webhook-deliveries.v1"
    public static let recipient = ServiceName.notifications
    public typealias Reply = WebhookRetrySummary
    public static var replyExample: WebhookRetrySummary { .example }

    public var endpointID: WebhookEndpointID
    /// Deliveries that began at this time or later.
    public var from: Timestamp
    /// And before this time; absent for until now.
    public var until: Timestamp?
    /// What has ended this way: never `pending`.
    public var statuses: [WebhookDeliveryStatus]
    /// The `next_cursor` of an earlier answer.
    public var cursor: String?

    enum CodingKeys: String, CodingKey {
        case from, until, statuses, cursor
        case endpointID = "endpoint_id"
    }

    public init(
        endpointID: WebhookEndpointID, from: Timestamp, until: Timestamp? = nil,
        statuses: [WebhookDeliveryStatus], cursor: String? = nil
    ) {
        self.endpointID = endpointID
        self.from = from
        self.until = until
        self.statuses = statuses
        self.cursor = cursor
    }

    public static var example: RetryWebhookDeliveries {
        RetryWebhookDeliveries(
            endpointID: .example, from: .example, until: .example, statuses: [.failed, .exhausted],
            cursor: WebhookDeliveryID.example.description)
    }
}
