/// One event definition.
public struct GetEvent: Request {
    public static let name = "ticketing.get-event.v1"
    public static let recipient = ServiceName.ticketing
    public typealias Reply = EventDetails
    public static var replyExample: EventDetails { .example }

    public var eventID: EventID

    enum CodingKeys: String, CodingKey {
        case eventID = "event_id"
    }

    public init(eventID: EventID) {
        self.eventID = eventID
    }

    public static var example: GetEvent {
        GetEvent(eventID: .example)
    }
}
