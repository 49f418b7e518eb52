import Contracts
import Messaging
import Postgres

/// Cancels occurrences: nothing is sold from now on, and the Coordinator refunds what was. Asked again, it answers with
/// what there is. An organisation that may not sell any more may still cancel: its buyers get their money back.
struct CancelOccurrenceHandler: SingleRequestHandler {
    static let reasonLength = RefundPlan.reasonLength

    func answer(
        _ request: Received<CancelOccurrence>, in transaction: PostgresTransaction, at moment: Moment
    ) throws -> Answer<OccurrenceDetails> {
        let organizationID = try request.organizationID
        let (id, reason) = (request.body.occurrenceID, request.body.reason)
        var checks = FieldChecks()
        checks.text(reason, "reason", length: Self.reasonLength, allowsLineBreaks: true)
        try checks.finish()
        // The stock first, as every stock command does: whoever waits for it then sees that nothing is sold any more.
        try PoolStore(transaction: transaction).lock(id, organizationID: organizationID)
        let occurrences = OccurrenceStore(transaction: transaction)
        guard let occurrence = try occurrences.findLocked(id, organizationID: organizationID)?.occurrence else {
            throw Problem.notFound("occurrence")
        }
        if occurrence.status == .canceled { return Answer(occurrence) }
        let events = EventStore(transaction: transaction, organizationID: organizationID)
        guard let event = try events.find(occurrence.eventID) else { throw Problem.notFound("event") }
        let settings = EventSettings(event.settings, occurrence: occurrence.settings)
        if let objection = occurrence.objectionToCanceling(settings, at: moment.now) {
            throw Problem(.conflict, objection)
        }
        guard let canceled = try occurrences.cancel([(id, reason)], at: moment.now).first else {
            throw Problem(.conflict, "This occurrence has begun.")
        }
        try TicketTypeReviewStore(transaction: transaction).insertTypes(of: [canceled.occurrence], at: moment)
        return Answer(
            canceled.occurrence,
            causing: [
                OccurrenceCanceled(canceled.occurrence, cause: .organizer, reason: reason, at: moment.now), canceled,
            ])
    }
}
