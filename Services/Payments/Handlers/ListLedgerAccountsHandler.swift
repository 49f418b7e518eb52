import Contracts
import Messaging
import Postgres

/// Lists the organisation's ledger accounts with their balances, newest first.
struct ListLedgerAccountsHandler: SingleRequestHandler {
    typealias Body = ListLedgerAccounts

    static let isReadOnly = true

    func answer(
        _ request: Received<ListLedgerAccounts>, in transaction: PostgresTransaction, at moment: Moment
    ) throws -> Answer<Page<LedgerAccountDetails>> {
        let page = request.body.page
        let limit = try page.validLimit
        let reader = LedgerReader(transaction: transaction, organizationID: try request.organizationID)
        let accounts = try reader.accounts(before: try page.position(), limit: limit + 1)
        return Answer(Page(rows: accounts, limit: limit) { $0.id.description })
    }
}
