import Contracts
import Messaging
import Postgres

/// Lists events, newest first.
struct ListEventsHandler: SingleRequestHandler {
    static let isReadOnly = true

    func answer(
        _ request: Received<ListEvents>, in transaction: PostgresTransaction, at moment: Moment
    ) throws -> Answer<Page<EventDetails>> {
        let limit = try request.body.page.validLimit
        let position = try request.body.page.position(of: EventID.self)
        let events = EventStore(transaction: transaction, organizationID: try request.organizationID)
        let rows = try events.list(
            before: position, status: request.body.status, category: request.body.category, limit: limit + 1)
        return Answer(Page(rows: rows, limit: limit) { $0.id.description })
    }
}
