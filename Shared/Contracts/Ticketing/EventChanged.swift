/// An event definition was created or changed.
public struct EventChanged: Event {
    public static let name = "ticketing.event-changed.v1"
    public static let source = ServiceName.ticketing

    public var event: EventDetails

    public init(event: EventDetails) {
        self.event = event
    }

    public static var example: EventChanged {
        EventChanged(event: .example)
    }
}
