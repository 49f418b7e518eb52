/// Who acted.
public enum ActorKind: String, Codable, Sendable, CaseIterable {
    case apiKey = "api_key"
    case platformKey = "platform_key"
    case service

    public static var example: ActorKind { .apiKey }
}
