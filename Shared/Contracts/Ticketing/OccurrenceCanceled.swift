/// An occurrence will not take place. Its orders are refunded by the Coordinator.
public struct OccurrenceCanceled: Event {
    public static let name = "ticketing.occurrence-canceled.v1"
    public static let source = ServiceName.ticketing

    public var occurrenceID: OccurrenceID
    public var organizationID: OrganizationID
    public var eventID: EventID
    public var eventName: String
    public var occurrenceName: String?
    public var startAt: Timestamp
    public var timezone: String
    public var cause: CancellationCause
    public var reason: String
    public var canceledAt: Timestamp

    enum CodingKeys: String, CodingKey {
        case timezone, cause, reason
        case occurrenceID = "occurrence_id"
        case organizationID = "organization_id"
        case eventID = "event_id"
        case eventName = "event_name"
        case occurrenceName = "occurrence_name"
        case startAt = "start_at"
        case canceledAt = "canceled_at"
    }

    public init(
        occurrenceID: OccurrenceID, organizationID: OrganizationID, eventID: EventID, eventName: String,
        occurrenceName: String? = nil, startAt: Timestamp, timezone: String, cause: CancellationCause, reason: String,
        canceledAt: Timestamp
    ) {
        self.occurrenceID = occurrenceID
        self.organizationID = organizationID
        self.eventID = eventID
        self.eventName = eventName
        self.occurrenceName = occurrenceName
        self.startAt = startAt
        self.timezone = timezone
        self.cause = cause
        self.reason = reason
        self.canceledAt = canceledAt
    }

    public static var example: OccurrenceCanceled {
        OccurrenceCanceled(
            occurrenceID: .example, organizationID: .example, eventID: .example, eventName: "Night of the Proms",
            occurrenceName: "Opening night", startAt: .example, timezone: "Africa/Johannesburg", cause: .example,
            reason: "The artist is ill.", canceledAt: .example
        )
    }
}
