import Contracts
import Messaging
import Postgres

/// Lists the occurrences of an event by their start.
struct ListOccurrencesHandler: SingleRequestHandler {
    static let isReadOnly = true

    func answer(
        _ request: Received<ListOccurrences>, in transaction: PostgresTransaction, at moment: Moment
    ) throws -> Answer<Page<OccurrenceDetails>> {
        let organizationID = try request.organizationID
        let limit = try request.body.page.validLimit
        let position = try request.body.page.position(of: OccurrenceID.self)
        let events = EventStore(transaction: transaction, organizationID: organizationID)
        guard try events.find(request.body.eventID) != nil else { throw Problem.notFound("event") }
        let rows = try OccurrenceStore(transaction: transaction).list(
            request.body.eventID, organizationID: organizationID, after: position, limit: limit + 1)
        return Answer(Page(rows: rows, limit: limit) { $0.id.description })
    }
}
