/// The life of an event definition. Only `active` events sell tickets.
public enum EventStatus: String, Codable, Sendable, CaseIterable {
    case draft
    case active
    case paused
    case archived

    public static var example: EventStatus { .draft }
}
