/// An event definition as readers see it.
public struct EventDetails: Codable, Sendable, Equatable {
    public var id: EventID
    public var organizationID: OrganizationID
    public var accountID: AccountID?
    public var name: String
    public var slug: String
    public var description: String?
    public var category: EventCategory
    public var eventType: EventType
    public var durationMinutes: Int?
    public var venueType: VenueType
    public var venueName: String?
    public var venueAddress: JSONValue?
    public var organizerName: String?
    public var organizerContact: JSONValue?
    public var maxCapacity: Int?
    public var minCapacity: Int
    public var status: EventStatus
    public var settings: JSONValue
    public var createdAt: Timestamp
    public var updatedAt: Timestamp
    /// Grows with every change; projections keep the highest.
    public var version: Int

    enum CodingKeys: String, CodingKey {
        case id, name, slug, description, category, status, settings, version
        case organizationID = "organization_id"
        case accountID = "account_id"
        case eventType = "event_type"
        case durationMinutes = "duration_minutes"
        case venueType = "venue_type"
        case venueName = "venue_name"
        case venueAddress = "venue_address"
        case organizerName = "organizer_name"
        case organizerContact = "organizer_contact"
        case maxCapacity = "max_capacity"
        case minCapacity = "min_capacity"
        case createdAt = "created_at"
        case updatedAt = "updated_at"
    }

    public init(
        id: EventID, organizationID: OrganizationID, accountID: AccountID? = nil, name: String, slug: String,
        description: String? = nil, category: EventCategory, eventType: EventType, durationMinutes: Int? = nil,
        venueType: VenueType, venueName: String? = nil, venueAddress: JSONValue? = nil, organizerName: String? = nil,
        organizerContact: JSONValue? = nil, maxCapacity: Int? = nil, minCapacity: Int, status: EventStatus,
        settings: JSONValue, createdAt: Timestamp, updatedAt: Timestamp, version: Int
    ) {
        self.id = id
        self.organizationID = organizationID
        self.accountID = accountID
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
        self.status = status
        self.settings = settings
        self.createdAt = createdAt
        self.updatedAt = updatedAt
        self.version = version
    }

    public static var example: EventDetails {
        EventDetails(
            id: .example, organizationID: .example, accountID: .example, name: "Night of the Proms",
            slug: "night-of-the-proms", description: "An evening of music.", category: .example, eventType: .example,
            durationMinutes: 150, venueType: .example, venueName: "Royal Hall", venueAddress: .object([:]),
            organizerName: "Voelgoed", organizerContact: .object([:]), maxCapacity: 500, minCapacity: 1,
            status: .active, settings: .object([:]), createdAt: .example, updatedAt: .example, version: 1
        )
    }
}
