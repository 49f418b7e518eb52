import Contracts
import Messaging
import Postgres

/// Creates draft events. Asked again with the same id, it answers with what there is.
struct CreateEventHandler: SingleRequestHandler {
    func answer(
        _ request: Received<CreateEvent>, in transaction: PostgresTransaction, at moment: Moment
    ) throws -> Answer<EventDetails> {
        let organizationID = try request.organizationID
        let draft = request.body.draft
        try OrganizationStore(transaction: transaction).requireActive(organizationID)
        let events = EventStore(transaction: transaction, organizationID: organizationID)
        if let existing = try events.find(request.body.eventID) { return Answer(existing) }
        var checks = FieldChecks()
        draft.check(&checks)
        try checks.finish()
        let slug = try events.slug(for: draft, of: request.body.eventID)
        try events.insert(draft, id: request.body.eventID, slug: slug, at: moment.now)
        guard let event = try events.find(request.body.eventID) else { throw Problem.notFound("event") }
        return Answer(event, causing: [EventChanged(event: event)])
    }
}
