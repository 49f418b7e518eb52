/// What an organiser says of an event when creating it (seed B, EventDefinition).
public struct EventDraft: Codable, Sendable, Equatable {
    /// 1 to 200 characters.
    public var name: String
    /// Unique within the organisation; made from the name when absent. Lower-case letters, digits and hyphens.
    public var slug: String?
    public var description: String?
    /// Default `other`.
    public var category: EventCategory?
    /// Default `one_time`.
    public var eventType: EventType?
    /// Standard duration of one occurrence, in minutes.
    public var durationMinutes: Int?
    /// Default `off_property`.
    public var venueType: VenueType?
    public var venueName: String?
    /// Free-form address object.
    public var venueAddress: JSONValue?
    public var organizerName: String?
    /// Free-form contact object.
    public var organizerContact: JSONValue?
    /// Most attendees of one occurrence; absent for unlimited.
    public var maxCapacity: Int?
    /// Fewest attendees to run. Default 1.
    public var minCapacity: Int?
    /// The organiser account inside the organisation.
    public var accountID: AccountID?
    /// Event-specific configuration, an object.
    public var settings: JSONValue?

    enum CodingKeys: String, CodingKey {
        case name, slug, description, category, settings
        case eventType = "event_type"
        case durationMinutes = "duration_minutes"
        case venueType = "venue_type"
        case venueName = "venue_name"
        case venueAddress = "venue_address"
        case organizerName = "organizer_name"
        case organizerContact = "organizer_contact"
        case maxCapacity = "max_capacity"
        case minCapacity = "min_capacity"
        case accountID = "account_id"
    }

    public init(
        name: String, slug: String? = nil, description: String? = nil, category: EventCategory? = nil,
        eventType: EventType? = nil, durationMinutes: Int? = nil, venueType: VenueType? = nil,
        venueName: String? = nil, venueAddress: JSONValue? = nil, organizerName: String? = nil,
        organizerContact: JSONValue? = nil, maxCapacity: Int? = nil, minCapacity: Int? = nil,
        accountID: AccountID? = nil, settings: JSONValue? = nil
    ) {
        self.name = name
        self.slug = slug
        self.description = description
        self.category = category
        self.eventType = eventType
        self.durationMinutes = durationMinutes
        self.venueType = venueType
        self.venueName = venueName
        self.venueAddress = venueAddress
        self.organizerName = organizerName
        self.organizerContact = organizerContact
        self.maxCapacity = maxCapacity
        self.minCapacity = minCapacity
        self.accountID = accountID
        self.settings = settings
    }

    public static var example: EventDraft {
        EventDraft(
            name: "Night of the Proms", slug: "night-of-the-proms", description: "An evening of music.",
            category: .example, eventType: .example, durationMinutes: 150, venueType: .example,
            venueName: "Royal Hall", venueAddress: .object(["city": .string("Cape Town")]), organizerName: "Voelgoed",
            organizerContact: .object(["email": .string("hello@voelgoed.example")]), maxCapacity: 500, minCapacity: 1,
            accountID: .example, settings: .object([:])
        )
    }
}
