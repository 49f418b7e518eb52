/// What became of a wish to try many deliveries again.
public struct WebhookRetrySummary: Codable, Sendable, Equatable {
    /// How many are tried again now.
    public var retriedCount: Int
    /// Whether more of the stretch of time remain; `nextCursor` then says where to go on.
    public var hasMore: Bool
    public var nextCursor: String?

    enum CodingKeys: String, CodingKey {
        case retriedCount = "retried_count"
        case hasMore = "has_more"
        case nextCursor = "next_cursor"
    }

    public init(retriedCount: Int, hasMore: Bool, nextCursor: String? = nil) {
        self.retriedCount = retriedCount
        self.hasMore = hasMore
        self.nextCursor = nextCursor
    }

    public static var example: WebhookRetrySummary {
        WebhookRetrySummary(
            retriedCount: 1000, hasMore: true, nextCursor: WebhookDeliveryID.example.description)
    }
}
