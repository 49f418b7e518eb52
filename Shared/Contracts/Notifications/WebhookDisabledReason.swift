/// Why an endpoint was disabled without its owner's wish.
public enum WebhookDisabledReason: String, Codable, Sendable, CaseIterable {
    /// It answered 410.
    case gone
    /// Nothing but failure for five days.
    case failing

    public static var example: WebhookDisabledReason { .failing }
}
