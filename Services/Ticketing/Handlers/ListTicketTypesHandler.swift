import Contracts
import Messaging
import Postgres

/// Lists the ticket types of an event, newest first.
struct ListTicketTypesHandler: SingleRequestHandler {
    static let isReadOnly = true

    func answer(
        _ request: Received<ListTicketTypes>, in transaction: PostgresTransaction, at moment: Moment
    ) throws -> Answer<Page<TicketTypeDetails>> {
        let organizationID = try request.organizationID
        let limit = try request.body.page.validLimit
        let position = try request.body.page.position(of: TicketTypeID.self)
        let events = EventStore(transaction: transaction, organizationID: organizationID)
        guard try events.find(request.body.eventID) != nil else { throw Problem.notFound("event") }
        let rows = try TicketTypeStore(transaction: transaction).list(
            request.body.eventID, organizationID: organizationID, before: position, limit: limit + 1)
        return Answer(Page(rows: rows, limit: limit) { $0.id.description })
    }
}
