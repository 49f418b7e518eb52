import Contracts
import Messaging
import Postgres

/// Canceling occurrences, and the deadlines by which their minimum must be sold. Whoever cancels has locked the stock
/// before, so that what is being sold at the same moment either counts or is refunded.
extension OccurrenceStore {
    /// Locks an occurrence and reads it.
    func findLocked(_ id: OccurrenceID, organizationID: OrganizationID) throws -> OccurrenceChanged? {
        try transaction.execute(
            """
            SELECT FROM event_occurrences WHERE id = \(id) AND organization_id = \(organizationID) FOR NO KEY UPDATE
            """)
        return try find(id, organizationID: organizationID)
    }

    /// Cancels occurrences that have not begun, each for a reason of its own.
    /// - Returns: those that were canceled, in the order of their ids.
    func cancel(_ reasons: [(id: OccurrenceID, reason: String)], at now: Timestamp) throws -> [OccurrenceChanged] {
        guard !reasons.isEmpty else { return [] }
        let canceled = try transaction.query(
            """
            UPDATE event_occurrences AS occurrence SET
                status = 'canceled', canceled_at = \(now), cancellation_reason = canceled.reason, updated_at = \(now),
                version = occurrence.version + 1, announced_version = occurrence.version + 1
            FROM unnest(\(reasons.map(\.id)), \(reasons.map(\.reason))) AS canceled (id, reason)
            WHERE occurrence.id = canceled.id AND occurrence.status IN ('scheduled', 'confirmed')
            RETURNING occurrence.id
            """
        ).decode(OccurrenceID.self)
        return try find(canceled)
    }

    /// Sets the deadlines of an event's occurrences as its settings say. One that has passed is the sweep's.
    func setMinimumDeadlines(of event: EventDetails, at now: Timestamp) throws {
        let deadlines = try transaction.query(
            """
            SELECT id, start_at, settings FROM event_occurrences
            WHERE event_definition_id = \(event.id) AND organization_id = \(event.organizationID)
                AND status = 'scheduled' AND (minimum_due_at IS NULL OR minimum_due_at > \(now))
            ORDER BY id FOR NO KEY UPDATE
            """
        ).decode((OccurrenceID, Timestamp, PostgresJSON<JSONValue>).self).map { id, startAt, settings in
            let settings = EventSettings(event.settings, occurrence: settings.value)
            return (id: id, dueAt: settings.minimumDueAt(startAt: startAt, setAt: now))
        }
        try transaction.execute(
            """
            UPDATE event_occurrences AS occurrence SET minimum_due_at = deadline.due_at
            FROM unnest(\(deadlines.map(\.id)), \(deadlines.map(\.dueAt))) AS deadline (id, due_at)
            WHERE occurrence.id = deadline.id AND occurrence.organization_id = \(event.organizationID)
                AND occurrence.minimum_due_at IS DISTINCT FROM deadline.due_at
            """)
    }

    /// Locks the stock of occurrences whose minimum had to be sold by now. One of which something is being sold at this
    /// moment is left for the next time.
    func lockStockOfMinimumDue(limit: Int, at now: Timestamp) throws -> [OccurrenceID] {
        try transaction.query(
            """
            SELECT occurrence.id
            FROM event_occurrences AS occurrence
            JOIN inventory_pools AS pool ON pool.occurrence_id = occurrence.id AND pool.ticket_type_id IS NULL
            WHERE occurrence.status = 'scheduled' AND occurrence.minimum_due_at <= \(now)
                AND occurrence.start_at > \(now)
            ORDER BY occurrence.minimum_due_at LIMIT \(limit) FOR UPDATE OF pool SKIP LOCKED
            """
        ).decode(OccurrenceID.self)
    }

    /// Locks occurrences, whose stock is locked, and reads what has become of their minimum. Those that have begun or
    /// were canceled meanwhile are left out.
    func minimums(
        _ ids: [OccurrenceID], at now: Timestamp
    ) throws -> [(id: OccurrenceID, minCapacity: Int, isSold: Bool)] {
        guard !ids.isEmpty else { return [] }
        return try transaction.query(
            """
            SELECT occurrence.id, event.min_capacity, pool.sold >= event.min_capacity
            FROM event_occurrences AS occurrence
            JOIN event_definitions AS event ON event.id = occurrence.event_definition_id
            JOIN inventory_pools AS pool ON pool.occurrence_id = occurrence.id AND pool.ticket_type_id IS NULL
            WHERE occurrence.id = ANY(\(ids)) AND occurrence.status = 'scheduled'
                AND occurrence.minimum_due_at <= \(now) AND occurrence.start_at > \(now)
            ORDER BY occurrence.id FOR NO KEY UPDATE OF occurrence
            """
        ).decode((OccurrenceID, Int, Bool).self).map { (id: $0, minCapacity: $1, isSold: $2) }
    }
}
