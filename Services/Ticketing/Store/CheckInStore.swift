import Contracts
import Messaging
import Postgres

/// The check-ins of `tickets`.
struct CheckInStore {
    let transaction: PostgresTransaction

    /// Somebody was let in with a ticket.
    struct CheckIn {
        let ticketID: TicketID
        let organizationID: OrganizationID
        let occurrenceID: OccurrenceID
        let at: Timestamp
    }

    /// Marks confirmed tickets as checked in; of several admissions the earliest counts, in whichever order they are
    /// told. A ticket that has left the sale since (refunded, voided) stays what it is. No ticket may be named twice.
    func apply(_ checkIns: [CheckIn], at now: Timestamp) throws {
        guard !checkIns.isEmpty else { return }
        let ids = checkIns.map(\.ticketID)
        _ = try transaction.pipeline([
            // In the order of the ids, as everybody locks tickets.
            "SELECT FROM tickets WHERE id = ANY(\(ids)) ORDER BY id FOR NO KEY UPDATE",
            """
            UPDATE tickets SET status = 'checked_in', checked_in_at = admitted.at, updated_at = \(now)
            FROM unnest(
                \(ids), \(checkIns.map(\.organizationID)), \(checkIns.map(\.occurrenceID)), \(checkIns.map(\.at)))
                AS admitted (ticket_id, organization_id, occurrence_id, at)
            WHERE tickets.id = admitted.ticket_id AND tickets.organization_id = admitted.organization_id
                AND tickets.event_occurrence_id = admitted.occurrence_id
                AND (tickets.status = 'confirmed'
                    OR tickets.status = 'checked_in' AND tickets.checked_in_at > admitted.at)
            """,
        ])
    }
}
