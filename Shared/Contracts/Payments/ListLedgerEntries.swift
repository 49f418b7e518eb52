/// Journal entries with their lines, newest first.
public struct ListLedgerEntries: Request {
    public static let name = "payments.list-ledger-entries.v1"
    public static let recipient = ServiceName.payments
    public typealias Reply = Page<JournalEntryDetails>
    public static var replyExample: Page<JournalEntryDetails> { Page(data: [.example], nextCursor: nil) }

    public var page: PageRequest
    public var orderID: OrderID?

    enum CodingKeys: String, CodingKey {
        case page
        case orderID = "order_id"
    }

    public init(page: PageRequest, orderID: OrderID? = nil) {
        self.page = page
        self.orderID = orderID
    }

    public static var example: ListLedgerEntries {
        ListLedgerEntries(page: PageRequest(), orderID: .example)
    }
}
