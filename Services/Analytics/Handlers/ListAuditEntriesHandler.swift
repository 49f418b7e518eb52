import Contracts
import Messaging
import Postgres

/// Reads the organisation's audit log, newest first.
struct ListAuditEntriesHandler: SingleRequestHandler {
    typealias Body = ListAuditEntries

    static let isReadOnly = true

    func answer(
        _ request: Received<ListAuditEntries>, in transaction: PostgresTransaction, at moment: Moment
    ) throws -> Answer<Page<AuditEntry>> {
        Answer(
            try AuditLogStore(transaction: transaction).page(
                request.body.page, organizationID: request.organizationID))
    }
}
