import Contracts
import Messaging
import Postgres

/// Adds ticket types to events, with stock at every occurrence. Asked again with the same id, it answers with what
/// there is.
struct CreateTicketTypeHandler: SingleRequestHandler {
    func answer(
        _ request: Received<CreateTicketType>, in transaction: PostgresTransaction, at moment: Moment
    ) throws -> Answer<TicketTypeDetails> {
        let organizationID = try request.organizationID
        let body = request.body
        try OrganizationStore(transaction: transaction).requireActive(organizationID)
        let types = TicketTypeStore(transaction: transaction)
        if let existing = try types.find(body.ticketTypeID, organizationID: organizationID) { return Answer(existing) }
        var checks = FieldChecks()
        body.draft.check(&checks)
        try checks.finish()
        // Locked, so that no occurrence is added meanwhile that would have no stock of this type.
        let event = try EventStore(transaction: transaction, organizationID: organizationID).requireLocked(body.eventID)
        guard event.status != .archived else {
            throw Problem(.conflict, "An archived event takes no further ticket types.")
        }
        try types.insert(body, of: event, at: moment.now)
        let occurrenceIDs = try OccurrenceStore(transaction: transaction).ids(
            of: event.id, organizationID: organizationID)
        try PoolStore(transaction: transaction).insert(
            occurrenceIDs.map { occurrenceID in
                InventoryPool(
                    id: moment.makeID(), organizationID: organizationID, occurrenceID: occurrenceID,
                    ticketTypeID: body.ticketTypeID, capacity: body.draft.quantityAvailable, reserved: 0, sold: 0)
            })
        let soldOut = try types.soldOut(among: [body.ticketTypeID], at: moment.now)
        let status = TicketTypeStatus.derived(
            isDisabled: false, validUntil: body.draft.validUntil, isSoldOut: !soldOut.isEmpty, at: moment.now)
        try types.setStatus(status, of: body.ticketTypeID, organizationID: organizationID)
        guard let created = try types.find(body.ticketTypeID, organizationID: organizationID) else {
            throw Problem.notFound("ticket type")
        }
        return Answer(created, causing: [TicketTypeChanged(ticketType: created)])
    }
}
