/// Open an event for sale. Refused with `ticket-type-required` without a ticket type.
public struct ActivateEvent: Request {
    public static let name = "ticketing.activate-event.v1"
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

    public static var example: ActivateEvent {
        ActivateEvent(eventID: .example)
    }
}
