/// Event definitions, newest first.
public struct ListEvents: Request {
    public static let name = "ticketing.list-events.v1"
    public static let recipient = ServiceName.ticketing
    public typealias Reply = Page<EventDetails>
    public static var replyExample: Page<EventDetails> { Page(data: [.example], nextCursor: nil) }

    public var page: PageRequest
    public var status: EventStatus?
    public var category: EventCategory?

    public init(page: PageRequest, status: EventStatus? = nil, category: EventCategory? = nil) {
        self.page = page
        self.status = status
        self.category = category
    }

    public static var example: ListEvents {
        ListEvents(page: PageRequest(), status: .example, category: .example)
    }
}
