/// How an event repeats (seed B, EventDefinition.event_type).
public enum EventType: String, Codable, Sendable, CaseIterable {
    case oneTime = "one_time"
    case recurring
    case multiDay = "multi_day"

    public static var example: EventType { .oneTime }
}
