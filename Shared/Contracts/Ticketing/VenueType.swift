/// Where an event takes place (seed B, EventDefinition.venue_type).
public enum VenueType: String, Codable, Sendable, CaseIterable {
    case onProperty = "on_property"
    case offProperty = "off_property"
    case virtual
    case mobile

    public static var example: VenueType { .onProperty }
}
