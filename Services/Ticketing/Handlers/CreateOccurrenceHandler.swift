import Contracts
import Messaging
import Postgres
import TicketCode

/// Schedules dates of events, each with its stock and the key of its tickets. Asked again with the same id, it answers
/// with what there is.
struct CreateOccurrenceHandler: SingleRequestHandler {
    let secret: TicketSigningSecret

    func answer(
        _ request: Received<CreateOccurrence>, in transaction: PostgresTransaction, at moment: Moment
    ) throws -> Answer<OccurrenceDetails> {
        let organizationID = try request.organizationID
        let body = request.body
        try OrganizationStore(transaction: transaction).requireActive(organizationID)
        let occurrences = OccurrenceStore(transaction: transaction)
        if let existing = try occurrences.find(body.occurrenceID, organizationID: organizationID) {
            return Answer(existing.occurrence)
        }
        var checks = FieldChecks()
        body.draft.check(&checks)
        try checks.finish()
        // Locked, so that no ticket type is added meanwhile that would have no stock here.
        let event = try EventStore(transaction: transaction, organizationID: organizationID).requireLocked(body.eventID)
        guard event.status != .archived else {
            throw Problem(.conflict, "An archived event takes no further occurrences.")
        }
        let key = try TicketSigningKey(secret: secret.bytes, occurrenceID: body.occurrenceID.rawValue)
        try occurrences.insert(body, of: event, publicKey: key.publicKey, at: moment.now)
        let types = try TicketTypeStore(transaction: transaction).quantities(
            of: event.id, organizationID: organizationID)
        let stock: [(TicketTypeID?, Int?)] = [(nil, body.draft.capacityOverride ?? event.maxCapacity)]
        try PoolStore(transaction: transaction).insert(
            (stock + types.map { ($0.0, $0.1) }).map { ticketTypeID, capacity in
                InventoryPool(
                    id: moment.makeID(), organizationID: organizationID, occurrenceID: body.occurrenceID,
                    ticketTypeID: ticketTypeID, capacity: capacity, reserved: 0, sold: 0)
            })
        // A type that was sold out has some again.
        try TicketTypeReviewStore(transaction: transaction).insert(types.map(\.0), of: organizationID, at: moment)
        guard let created = try occurrences.find(body.occurrenceID, organizationID: organizationID) else {
            throw Problem.notFound("occurrence")
        }
        return Answer(created.occurrence, causing: [created])
    }
}
