/// The occurrences of an event, by start.
public struct ListOccurrences: Request {
    public static let name = "ticketing.list-occurrences.v1"
    public static let recipient = ServiceName.ticketing
    public typealias Reply = Page<OccurrenceDetails>
    public static var replyExample: Page<OccurrenceDetails> { Page(data: [.example], nextCursor: nil) }

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

    public static var example: ListOccurrences {
        ListOccurrences(eventID: .example, page: PageRequest())
    }
}
