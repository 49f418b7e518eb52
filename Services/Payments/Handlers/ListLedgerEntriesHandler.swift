import Contracts
import Messaging
import Postgres

/// Lists the organisation's journal entries with their lines, newest first, all of them or those of one order.
struct ListLedgerEntriesHandler: SingleRequestHandler {
    typealias Body = ListLedgerEntries

    static let isReadOnly = true

    func answer(
        _ request: Received<ListLedgerEntries>, in transaction: PostgresTransaction, at moment: Moment
    ) throws -> Answer<Page<JournalEntryDetails>> {
        let page = request.body.page
        let limit = try page.validLimit
        let reader = LedgerReader(transaction: transaction, organizationID: try request.organizationID)
        let entries = try reader.entries(
            before: try page.position(), orderID: request.body.orderID, limit: limit + 1)
        return Answer(Page(rows: entries, limit: limit) { $0.id.description })
    }
}
