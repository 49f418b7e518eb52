import Contracts

/// Which of an endpoint's deliveries an organiser wants to be tried again.
struct WebhookRetryDraft: Codable, Sendable, Equatable {
    /// Those that began at this time or later.
    var from: Timestamp
    /// And before this time. Default now.
    var until: Timestamp?
    /// Those that ended in one of these ways. Default `failed` and `exhausted`.
    var statuses: [WebhookDeliveryStatus]?
    /// The `next_cursor` of an earlier answer.
    var cursor: String?

    static let defaultStatuses = [WebhookDeliveryStatus.failed, .exhausted]
    /// What can be tried again.
    static let endedStatuses = [WebhookDeliveryStatus.failed, .exhausted, .delivered]

    static var example: WebhookRetryDraft {
        WebhookRetryDraft(
            from: .example, until: .example + .seconds(3600), statuses: defaultStatuses,
            cursor: WebhookDeliveryID.example.description)
    }
}
