/// Schedule one date of an event.
public struct CreateOccurrence: Request {
    public static let name = "ticketing.create-occurrence.v1"
    public static let recipient = ServiceName.ticketing
    public typealias Reply = OccurrenceDetails
    public static var replyExample: OccurrenceDetails { .example }

    public var occurrenceID: OccurrenceID
    public var eventID: EventID
    public var draft: OccurrenceDraft

    enum CodingKeys: String, CodingKey {
        case draft
        case occurrenceID = "occurrence_id"
        case eventID = "event_id"
    }

    public init(occurrenceID: OccurrenceID, eventID: EventID, draft: OccurrenceDraft) {
        self.occurrenceID = occurrenceID
        self.eventID = eventID
        self.draft = draft
    }

    public static var example: CreateOccurrence {
        CreateOccurrence(occurrenceID: .example, eventID: .example, draft: .example)
    }
}
