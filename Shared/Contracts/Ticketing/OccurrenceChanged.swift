/// An occurrence was scheduled or changed.
public struct OccurrenceChanged: Event {
    public static let name = "ticketing.occurrence-changed.v1"
    public static let source = ServiceName.ticketing

    public var occurrence: OccurrenceDetails
    public var eventStatus: EventStatus

    enum CodingKeys: String, CodingKey {
        case occurrence
        case eventStatus = "event_status"
    }

    public init(occurrence: OccurrenceDetails, eventStatus: EventStatus) {
        self.occurrence = occurrence
        self.eventStatus = eventStatus
    }

    public static var example: OccurrenceChanged {
        OccurrenceChanged(occurrence: .example, eventStatus: .active)
    }
}
