/// What an organiser says of one date of an event.
public struct OccurrenceDraft: Codable, Sendable, Equatable {
    public var startAt: Timestamp
    /// After `start_at`.
    public var endAt: Timestamp
    /// IANA zone of the venue, such as `Africa/Johannesburg`.
    public var timezone: String
    /// Overrides the event's name for this date.
    public var occurrenceName: String?
    /// Overrides the event's `max_capacity`.
    public var capacityOverride: Int?
    /// When the doors open; default `start_at`.
    public var admissionOpensAt: Timestamp?
    /// Occurrence-specific overrides, an object.
    public var settings: JSONValue?

    enum CodingKeys: String, CodingKey {
        case timezone, settings
        case startAt = "start_at"
        case endAt = "end_at"
        case occurrenceName = "occurrence_name"
        case capacityOverride = "capacity_override"
        case admissionOpensAt = "admission_opens_at"
    }

    public init(
        startAt: Timestamp, endAt: Timestamp, timezone: String, occurrenceName: String? = nil,
        capacityOverride: Int? = nil, admissionOpensAt: Timestamp? = nil, settings: JSONValue? = nil
    ) {
        self.startAt = startAt
        self.endAt = endAt
        self.timezone = timezone
        self.occurrenceName = occurrenceName
        self.capacityOverride = capacityOverride
        self.admissionOpensAt = admissionOpensAt
        self.settings = settings
    }

    public static var example: OccurrenceDraft {
        OccurrenceDraft(
            startAt: .example, endAt: .example, timezone: "Africa/Johannesburg", occurrenceName: "Opening night",
            capacityOverride: 300, admissionOpensAt: .example, settings: .object([:])
        )
    }
}
