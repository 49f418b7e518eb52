import Contracts
import Messaging
import Postgres

/// Changes ticket types. A change that changes nothing answers with what there is. Prices of holds do not change with
/// it.
struct UpdateTicketTypeHandler: SingleRequestHandler {
    func answer(
        _ request: Received<UpdateTicketType>, in transaction: PostgresTransaction, at moment: Moment
    ) throws -> Answer<TicketTypeDetails> {
        let organizationID = try request.organizationID
        let id = request.body.ticketTypeID
        try OrganizationStore(transaction: transaction).requireActive(organizationID)
        let types = TicketTypeStore(transaction: transaction)
        guard let found = try types.find(id, organizationID: organizationID) else {
            throw Problem.notFound("ticket type")
        }
        // All changes to an event's stock wait for each other at the event; what was read before is read again.
        _ = try EventStore(transaction: transaction, organizationID: organizationID).requireLocked(found.eventID)
        guard let type = try types.find(id, organizationID: organizationID) else {
            throw Problem.notFound("ticket type")
        }
        let patch = try TicketTypePatch(request.body.changes, of: type)
        var changed = patch.applied(to: type)
        if changed.quantityAvailable != type.quantityAvailable {
            try setQuantity(changed.quantityAvailable, of: type, in: transaction)
        }
        let soldOut = try types.soldOut(among: [id], at: moment.now)
        changed.status = .derived(
            isDisabled: patch.isDisabled, validUntil: changed.validUntil, isSoldOut: !soldOut.isEmpty, at: moment.now)
        guard changed != type else { return Answer(type) }
        try types.update(changed, at: moment.now)
        guard let stored = try types.find(id, organizationID: organizationID) else {
            throw Problem.notFound("ticket type")
        }
        return Answer(stored, causing: [TicketTypeChanged(ticketType: stored)])
    }

    private func setQuantity(_ quantity: Int?, of type: TicketTypeDetails, in transaction: PostgresTransaction) throws {
        let store = PoolStore(transaction: transaction)
        let pools = try store.lock(
            ofLiveOccurrencesOf: type.eventID, ticketTypeID: type.id, organizationID: type.organizationID)
        if let quantity, let most = pools.map(\.taken).max(), most > quantity {
            throw Problem.validation(
                "quantity_available", "must be at least \(most): that many tickets of one occurrence are held or sold")
        }
        try store.setCapacity(quantity, of: pools)
    }
}
