/// The organisation's ledger accounts with balances.
public struct ListLedgerAccounts: Request {
    public static let name = "payments.list-ledger-accounts.v1"
    public static let recipient = ServiceName.payments
    public typealias Reply = Page<LedgerAccountDetails>
    public static var replyExample: Page<LedgerAccountDetails> { Page(data: [.example], nextCursor: nil) }

    public var page: PageRequest

    public init(page: PageRequest) {
        self.page = page
    }

    public static var example: ListLedgerAccounts {
        ListLedgerAccounts(page: PageRequest())
    }
}
