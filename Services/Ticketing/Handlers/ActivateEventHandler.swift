import Contracts
import Messaging
import Postgres

/// Opens events for sale. One that is open already is answered as it is.
struct ActivateEventHandler: SingleRequestHandler {
    func answer(
        _ request: Received<ActivateEvent>, in transaction: PostgresTransaction, at moment: Moment
    ) throws -> Answer<EventDetails> {
        let organizationID = try request.organizationID
        try OrganizationStore(transaction: transaction).requireActive(organizationID)
        let change = EventChange(transaction: transaction, moment: moment, organizationID: organizationID)
        return try change.apply(["status": .string(EventStatus.active.rawValue)], to: request.body.eventID)
    }
}
