import Contracts
import Messaging
import Postgres

/// Changes events, and with them what follows from them: stock, occurrences and what others know of both.
struct EventChange {
    /// So many occurrences are announced at once; the sweep announces the rest.
    static let announcedAtOnce = 100

    let transaction: PostgresTransaction
    let moment: Moment
    let organizationID: OrganizationID

    private var events: EventStore { EventStore(transaction: transaction, organizationID: organizationID) }

    /// - Throws: a ``Problem``.
    func apply(_ changes: [String: JSONValue], to id: EventID) throws -> Answer<EventDetails> {
        let event = try events.requireLocked(id)
        let patch = try EventPatch(changes, of: event)
        try checkTransition(of: event, to: patch.status)
        var changed = patch.applied(to: event)
        if patch.draft.slug != event.slug { changed.slug = try events.slug(for: patch.draft, of: id) }
        guard changed != event else { return Answer(event) }
        if changed.maxCapacity != event.maxCapacity { try setCapacity(changed.maxCapacity, of: event) }
        try events.update(changed, at: moment.now)
        guard let stored = try events.find(id) else { throw Problem.notFound("event") }
        if stored.settings != event.settings {
            try OccurrenceStore(transaction: transaction).setMinimumDeadlines(of: stored, at: moment.now)
        }
        var effects: Effects = [EventChanged(event: stored)]
        if Self.showsAtOccurrences(event, stored) {
            let occurrences = try OccurrenceStore(transaction: transaction).touchLive(
                id, organizationID: organizationID, limit: Self.announcedAtOnce, at: moment.now)
            for occurrence in occurrences { effects.send(occurrence) }
        }
        return Answer(stored, causing: effects)
    }

    private func checkTransition(of event: EventDetails, to status: EventStatus) throws {
        guard event.status != status else { return }
        guard event.status.canBecome(status) else {
            throw Problem(.conflict, "An event that is \(event.status.rawValue) cannot become \(status.rawValue).")
        }
        if status == .active, try !events.hasTicketType(event.id) {
            throw Problem(.ticketTypeRequired, "An event needs a ticket type before it can be activated.")
        }
    }

    private func setCapacity(_ capacity: Int?, of event: EventDetails) throws {
        let store = PoolStore(transaction: transaction)
        let pools = try store.lock(
            ofLiveOccurrencesOf: event.id, ticketTypeID: nil, organizationID: organizationID)
        if let capacity, let most = pools.map(\.taken).max(), most > capacity {
            throw Problem.validation(
                "max_capacity", "must be at least \(most): that many tickets of one occurrence are held or sold")
        }
        try store.setCapacity(capacity, of: pools)
        let types = try TicketTypeStore(transaction: transaction).quantities(
            of: event.id, organizationID: organizationID)
        try TicketTypeReviewStore(transaction: transaction).insert(
            types.map(\.0), of: organizationID, at: moment)
    }

    /// Whether readers of occurrences see the difference.
    private static func showsAtOccurrences(_ old: EventDetails, _ new: EventDetails) -> Bool {
        old.name != new.name || old.status != new.status || old.venueName != new.venueName
            || old.venueAddress != new.venueAddress || old.organizerName != new.organizerName
            || old.maxCapacity != new.maxCapacity || old.minCapacity != new.minCapacity
    }
}
