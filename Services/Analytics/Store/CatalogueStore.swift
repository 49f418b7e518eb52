import Contracts
import Messaging
import Postgres

/// The tables `events`, `occurrences` and `ticket_types`: what reports call things.
struct CatalogueStore {
    let transaction: PostgresTransaction

    /// Stores what is newer than what is known; the rest is dropped.
    func apply(_ changes: [(organizationID: OrganizationID, event: EventDetails)]) throws {
        let newest = Dictionary(changes.map { ($0.event.id, $0) }) { first, second in
            first.event.version >= second.event.version ? first : second
        }
        let rows = Array(newest.values)
        guard !rows.isEmpty else { return }
        let events = rows.map(\.event)
        try transaction.write(
            """
            INSERT INTO events (id, organization_id, name, category, status, version)
            SELECT * FROM unnest(
                \(events.map(\.id)), \(rows.map(\.organizationID)), \(events.map(\.name)),
                \(events.map(\.category.rawValue)), \(events.map(\.status.rawValue)), \(events.map(\.version)))
                AS new (id, organization_id, name, category, status, version)
            ORDER BY id
            ON CONFLICT (id) DO UPDATE SET
                name = excluded.name, category = excluded.category, status = excluded.status,
                version = excluded.version
            WHERE events.version < excluded.version AND events.organization_id = excluded.organization_id
            """)
    }

    /// Stores what is newer than what is known; the rest is dropped.
    func apply(_ changes: [(organizationID: OrganizationID, occurrence: OccurrenceDetails)]) throws {
        let newest = Dictionary(changes.map { ($0.occurrence.id, $0) }) { first, second in
            first.occurrence.version >= second.occurrence.version ? first : second
        }
        let rows = Array(newest.values)
        guard !rows.isEmpty else { return }
        let occurrences = rows.map(\.occurrence)
        try transaction.write(
            """
            INSERT INTO occurrences
                (id, organization_id, event_id, event_name, occurrence_name, start_at, end_at, status, version)
            SELECT * FROM unnest(
                \(occurrences.map(\.id)), \(rows.map(\.organizationID)), \(occurrences.map(\.eventID)),
                \(occurrences.map(\.eventName)), \(occurrences.map(\.occurrenceName)),
                \(occurrences.map(\.startAt)), \(occurrences.map(\.endAt)), \(occurrences.map(\.status.rawValue)),
                \(occurrences.map(\.version)))
                AS new (id, organization_id, event_id, event_name, occurrence_name, start_at, end_at, status, version)
            ORDER BY id
            ON CONFLICT (id) DO UPDATE SET
                event_id = excluded.event_id, event_name = excluded.event_name,
                occurrence_name = excluded.occurrence_name, start_at = excluded.start_at, end_at = excluded.end_at,
                status = excluded.status, version = excluded.version
            WHERE occurrences.version < excluded.version
                AND occurrences.organization_id = excluded.organization_id
            """)
    }

    /// Stores what is newer than what is known; the rest is dropped.
    func apply(_ changes: [(organizationID: OrganizationID, ticketType: TicketTypeDetails)]) throws {
        let newest = Dictionary(changes.map { ($0.ticketType.id, $0) }) { first, second in
            first.ticketType.version >= second.ticketType.version ? first : second
        }
        let rows = Array(newest.values)
        guard !rows.isEmpty else { return }
        let types = rows.map(\.ticketType)
        try transaction.write(
            """
            INSERT INTO ticket_types (id, organization_id, event_id, name, version)
            SELECT * FROM unnest(
                \(types.map(\.id)), \(rows.map(\.organizationID)), \(types.map(\.eventID)), \(types.map(\.name)),
                \(types.map(\.version)))
                AS new (id, organization_id, event_id, name, version)
            ORDER BY id
            ON CONFLICT (id) DO UPDATE SET
                event_id = excluded.event_id, name = excluded.name, version = excluded.version
            WHERE ticket_types.version < excluded.version
                AND ticket_types.organization_id = excluded.organization_id
            """)
    }
}
