import Contracts

/// What an organiser says of a webhook endpoint when registering it.
struct WebhookEndpointDraft: Codable, Sendable, Equatable {
    /// Where events are sent to, by `https`.
    var url: String
    var eventTypes: [WebhookEventType]

    enum CodingKeys: String, CodingKey {
        case url
        case eventTypes = "event_types"
    }

    static var example: WebhookEndpointDraft {
        WebhookEndpointDraft(url: "https://example.org/hooks", eventTypes: [.orderCompleted, .ticketIssued])
    }
}
