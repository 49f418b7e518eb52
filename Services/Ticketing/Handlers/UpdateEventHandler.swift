import Contracts
import Messaging
import Postgres

/// Changes events. A change that changes nothing answers with what there is.
struct UpdateEventHandler: SingleRequestHandler {
    func answer(
        _ request: Received<UpdateEvent>, in transaction: PostgresTransaction, at moment: Moment
    ) throws -> Answer<EventDetails> {
        let organizationID = try request.organizationID
        try OrganizationStore(transaction: transaction).requireActive(organizationID)
        let change = EventChange(transaction: transaction, moment: moment, organizationID: organizationID)
        return try change.apply(request.body.changes, to: request.body.eventID)
    }
}
