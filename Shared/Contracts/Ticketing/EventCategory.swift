/// What an event is about (seed B, EventDefinition.category).
public enum EventCategory: String, Codable, Sendable, CaseIterable {
    case tour
    case activity
    case `class`
    case workshop
    case dining
    case wellness
    case cultural
    case adventure
    case entertainment
    case other

    public static var example: EventCategory { .tour }
}
