/// What may change of an endpoint; absent fields stay.
public struct WebhookEndpointChanges: Codable, Sendable, Equatable {
    public var url: String?
    public var eventTypes: [WebhookEventType]?
    public var status: WebhookEndpointStatus?

    enum CodingKeys: String, CodingKey {
        case url, status
        case eventTypes = "event_types"
    }

    public init(url: String? = nil, eventTypes: [WebhookEventType]? = nil, status: WebhookEndpointStatus? = nil) {
        self.url = url
        self.eventTypes = eventTypes
        self.status = status
    }

    public static var example: WebhookEndpointChanges {
        WebhookEndpointChanges(url: "https://example.org/hooks", eventTypes: [.example], status: .example)
    }
}
