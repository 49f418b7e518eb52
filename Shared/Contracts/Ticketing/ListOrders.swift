/// Orders, newest first.
public struct ListOrders: Request {
    public static let name = "ticketing.list-orders.v1"
    public static let recipient = ServiceName.ticketing
    public typealias Reply = Page<OrderDetails>
    public static var replyExample: Page<OrderDetails> { Page(data: [.example], nextCursor: nil) }

    public var page: PageRequest
    /// The buyer's, compared without case.
    public var email: String?
    public var occurrenceID: OccurrenceID?

    enum CodingKeys: String, CodingKey {
        case page, email
        case occurrenceID = "occurrence_id"
    }

    public init(page: PageRequest, email: String? = nil, occurrenceID: OccurrenceID? = nil) {
        self.page = page
        self.email = email
        self.occurrenceID = occurrenceID
    }

    public static var example: ListOrders {
        ListOrders(page: PageRequest(), email: "ada@example.org", occurrenceID: .example)
    }
}
