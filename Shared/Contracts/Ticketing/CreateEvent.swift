/// Create an event definition in status `draft`.
public struct CreateEvent: Request {
    public static let name = "ticketing.create-event.v1"
    public static let recipient = ServiceName.ticketing
    public typealias Reply = EventDetails
    public static var replyExample: EventDetails { .example }

    public var eventID: EventID
    public var draft: EventDraft

    enum CodingKeys: String, CodingKey {
        case draft
        case eventID = "event_id"
    }

    public init(eventID: EventID, draft: EventDraft) {
        self.eventID = eventID
        self.draft = draft
    }

    public static var example: CreateEvent {
        CreateEvent(eventID: .example, draft: .example)
    }
}
