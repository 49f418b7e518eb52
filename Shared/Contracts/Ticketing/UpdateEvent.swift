/// Change fields of an event definition by JSON Merge Patch (RFC 7396); `status` may become active, paused or
/// archived.
public struct UpdateEvent: Request {
    public static let name = "ticketing.update-event.v1"
    public static let recipient = ServiceName.ticketing
    public typealias Reply = EventDetails
    public static var replyExample: EventDetails { .example }

    public var eventID: EventID
    public var changes: [String: JSONValue]

    enum CodingKeys: String, CodingKey {
        case changes
        case eventID = "event_id"
    }

    public init(eventID: EventID, changes: [String: JSONValue]) {
        self.eventID = eventID
        self.changes = changes
    }

    public static var example: UpdateEvent {
        UpdateEvent(eventID: .example, changes: ["name": .string("Night of the Proms II")])
    }
}
