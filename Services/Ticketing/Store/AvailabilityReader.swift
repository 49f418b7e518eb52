import Contracts
import Messaging
import Postgres

/// Reads what occurrences of one organisation have left.
struct AvailabilityReader {
    let transaction: PostgresTransaction
    let organizationID: OrganizationID

    private typealias TypeRow = (
        OccurrenceID, TicketTypeID, String, Int, Currency, Bool, Int?, Int, Int, Timestamp?, Timestamp?
    )

    func availability(_ ids: [OccurrenceID], at now: Timestamp) throws -> [OccurrenceID: Availability] {
        let results = try transaction.pipeline([
            """
            SELECT occurrence.id, pool.capacity, pool.reserved, pool.sold, event.status, occurrence.status
            FROM event_occurrences AS occurrence
            JOIN event_definitions AS event ON event.id = occurrence.event_definition_id
            JOIN inventory_pools AS pool ON pool.occurrence_id = occurrence.id AND pool.ticket_type_id IS NULL
            WHERE occurrence.id = ANY(\(ids)) AND occurrence.organization_id = \(organizationID)
            """,
            """
            SELECT pool.occurrence_id, type.id, type.name, type.price_cents, type.currency,
                type.status = 'disabled', pool.capacity - pool.reserved - pool.sold, type.min_quantity,
                type.max_quantity, type.valid_from, type.valid_until
            FROM inventory_pools AS pool JOIN ticket_types AS type ON type.id = pool.ticket_type_id
            WHERE pool.occurrence_id = ANY(\(ids)) AND pool.organization_id = \(organizationID)
            ORDER BY pool.occurrence_id, type.id
            """,
        ])
        let types = Dictionary(
            grouping: try results[1].decode(TypeRow.self), by: \.0)
        let occurrences = try results[0].decode(
            (OccurrenceID, Int?, Int, Int, TextColumn<EventStatus>, TextColumn<OccurrenceStatus>).self)
        var availability: [OccurrenceID: Availability] = [:]
        for (id, capacity, reserved, sold, eventStatus, status) in occurrences {
            let available = capacity.map { max(0, $0 - reserved - sold) }
            availability[id] = Availability(
                occurrenceID: id, capacity: capacity, reserved: reserved, sold: sold, available: available,
                ticketTypes: (types[id] ?? []).map { Self.type($0, occurrence: available, at: now) },
                eventStatus: eventStatus.value, occurrenceStatus: status.value)
        }
        return availability
    }

    /// A ticket type never has more left than its occurrence.
    private static func type(_ row: TypeRow, occurrence: Int?, at now: Timestamp) -> TicketTypeAvailability {
        let available = [row.6, occurrence].compactMap(\.self).min().map { max(0, $0) }
        return TicketTypeAvailability(
            id: row.1, name: row.2, priceCents: row.3, currency: row.4,
            status: .derived(isDisabled: row.5, validUntil: row.10, isSoldOut: available == 0, at: now),
            available: available, minQuantity: row.7, maxQuantity: row.8, validFrom: row.9, validUntil: row.10)
    }
}
