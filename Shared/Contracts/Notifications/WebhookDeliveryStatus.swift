/// What became of a delivery.
public enum WebhookDeliveryStatus: String, Codable, Sendable, CaseIterable {
    case pending
    case delivered
    case failed
    case exhausted

    public static var example: WebhookDeliveryStatus { .pending }
}
