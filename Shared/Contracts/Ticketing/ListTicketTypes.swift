/// The ticket types of an event.
public struct ListTicketTypes: Request {
    public static let name = "ticketing.list-ticket-types.v1"
    public static let recipient = ServiceName.ticketing
    public typealias Reply = Page<TicketTypeDetails>
    public static var replyExample: Page<TicketTypeDetails> { Page(data: [.example], nextCursor: nil) }

    public var eventID: EventID
    public var page: PageRequest

    enum CodingKeys: String, CodingKey {
        case page
        case eventID = "event_id"
    }

    public init(eventID: EventID, page: PageRequest) {
        self.eventID = eventID
        self.page = page
    }

    public static var example: ListTicketTypes {
        ListTicketTypes(eventID: .example, page: PageRequest())
    }
}
