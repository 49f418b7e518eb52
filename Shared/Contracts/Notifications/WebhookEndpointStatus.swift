/// Whether an endpoint receives.
public enum WebhookEndpointStatus: String, Codable, Sendable, CaseIterable {
    case enabled
    case disabled

    public static var example: WebhookEndpointStatus { .enabled }
}
