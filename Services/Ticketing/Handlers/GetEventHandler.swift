import Contracts
import Messaging
import Postgres

/// Answers with one event.
struct GetEventHandler: SingleRequestHandler {
    static let isReadOnly = true

    func answer(
        _ request: Received<GetEvent>, in transaction: PostgresTransaction, at moment: Moment
    ) throws -> Answer<EventDetails> {
        let events = EventStore(transaction: transaction, organizationID: try request.organizationID)
        guard let event = try events.find(request.body.eventID) else { throw Problem.notFound("event") }
        return Answer(event)
    }
}
