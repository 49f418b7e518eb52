/// One date of an event as readers see it.
public struct OccurrenceDetails: Codable, Sendable, Equatable {
    public var id: OccurrenceID
    public var organizationID: OrganizationID
    public var eventID: EventID
    public var eventName: String
    public var occurrenceName: String?
    public var startAt: Timestamp
    public var endAt: Timestamp
    public var timezone: String
    public var admissionOpensAt: Timestamp
    public var capacityOverride: Int?
    /// What holds: the override, else the event's maximum; absent for unlimited.
    public var capacity: Int?
    public var status: OccurrenceStatus
    /// Live tickets, reserved ones included.
    public var seatsSold: Int
    /// Absent for unlimited.
    public var seatsAvailable: Int?
    public var venueName: String?
    public var venueAddress: JSONValue?
    public var organizerName: String?
    /// The Ed25519 key that verifies this occurrence's ticket codes, base64.
    public var publicKey: String
    public var settings: JSONValue
    public var createdAt: Timestamp
    public var updatedAt: Timestamp
    public var version: Int

    enum CodingKeys: String, CodingKey {
        case id, timezone, capacity, status, settings, version
        case organizationID = "organization_id"
        case eventID = "event_id"
        case eventName = "event_name"
        case occurrenceName = "occurrence_name"
        case startAt = "start_at"
        case endAt = "end_at"
        case admissionOpensAt = "admission_opens_at"
        case capacityOverride = "capacity_override"
        case seatsSold = "seats_sold"
        case seatsAvailable = "seats_available"
        case venueName = "venue_name"
        case venueAddress = "venue_address"
        case organizerName = "organizer_name"
        case publicKey = "public_key"
        case createdAt = "created_at"
        case updatedAt = "updated_at"
    }

    public init(
        id: OccurrenceID, organizationID: OrganizationID, eventID: EventID, eventName: String,
        occurrenceName: String? = nil, startAt: Timestamp, endAt: Timestamp, timezone: String,
        admissionOpensAt: Timestamp, capacityOverride: Int? = nil, capacity: Int? = nil, status: OccurrenceStatus,
        seatsSold: Int, seatsAvailable: Int? = nil, venueName: String? = nil, venueAddress: JSONValue? = nil,
        organizerName: String? = nil, publicKey: String, settings: JSONValue, createdAt: Timestamp,
        updatedAt: Timestamp, version: Int
    ) {
        self.id = id
        self.organizationID = organizationID
        self.eventID = eventID
        self.eventName = eventName
        self.occurrenceName = occurrenceName
        self.startAt = startAt
        self.endAt = endAt
        self.timezone = timezone
        self.admissionOpensAt = admissionOpensAt
        self.capacityOverride = capacityOverride
        self.capacity = capacity
        self.status = status
        self.seatsSold = seatsSold
        self.seatsAvailable = seatsAvailable
        self.venueName = venueName
        self.venueAddress = venueAddress
        self.organizerName = organizerName
        self.publicKey = publicKey
        self.settings = settings
        self.createdAt = createdAt
        self.updatedAt = updatedAt
        self.version = version
    }

    public static var example: OccurrenceDetails {
        OccurrenceDetails(
            id: .example, organizationID: .example, eventID: .example, eventName: "Night of the Proms",
            occurrenceName: "Opening night", startAt: .example, endAt: .example, timezone: "Africa/Johannesburg",
            admissionOpensAt: .example, capacityOverride: 300, capacity: 300, status: .example, seatsSold: 2,
            seatsAvailable: 298, venueName: "Royal Hall", venueAddress: .object([:]), organizerName: "Voelgoed",
            publicKey: "MCowBQYDK2VwAyEA", settings: .object([:]), createdAt: .example, updatedAt: .example,
            version: 1
        )
    }
}
