import Contracts
import Foundation
import Messaging
import Postgres

/// The table `event_occurrences`. An occurrence is read as ``OccurrenceChanged``: its details with its event's status.
struct OccurrenceStore {
    let transaction: PostgresTransaction

    private static let select = """
        SELECT occurrence.id, occurrence.organization_id, occurrence.event_definition_id, event.name AS event_name,
            event.status AS event_status, occurrence.occurrence_name, occurrence.start_at, occurrence.end_at,
            occurrence.timezone, occurrence.admission_opens_at, occurrence.capacity_override, pool.capacity,
            pool.reserved + pool.sold AS seats_sold, occurrence.status, event.venue_name, event.venue_address,
            event.organizer_name, occurrence.public_key, occurrence.settings, occurrence.created_at,
            occurrence.updated_at, occurrence.version
        FROM event_occurrences AS occurrence
        JOIN event_definitions AS event ON event.id = occurrence.event_definition_id
        JOIN inventory_pools AS pool ON pool.occurrence_id = occurrence.id AND pool.ticket_type_id IS NULL
        """

    func find(_ id: OccurrenceID, organizationID: OrganizationID) throws -> OccurrenceChanged? {
        try transaction.query(
            """
            \(unescaped: Self.select)
            WHERE occurrence.id = \(id) AND occurrence.organization_id = \(organizationID)
            """
        ).first.map(Self.occurrence)
    }

    /// Occurrences of every organisation, in the order of their ids.
    func find(_ ids: [OccurrenceID]) throws -> [OccurrenceChanged] {
        guard !ids.isEmpty else { return [] }
        return try transaction.query(
            "\(unescaped: Self.select) WHERE occurrence.id = ANY(\(ids)) ORDER BY occurrence.id"
        ).map(Self.occurrence)
    }

    /// An event's occurrences by their start, those after the one at `position`.
    func list(
        _ eventID: EventID, organizationID: OrganizationID, after position: OccurrenceID?, limit: Int
    ) throws -> [OccurrenceDetails] {
        try transaction.query(
            """
            \(unescaped: Self.select)
            WHERE occurrence.event_definition_id = \(eventID) AND occurrence.organization_id = \(organizationID)
                AND (\(position)::uuid IS NULL OR (occurrence.start_at, occurrence.id) > (
                    SELECT start_at, id FROM event_occurrences
                    WHERE id = \(position) AND organization_id = \(organizationID)))
            ORDER BY occurrence.start_at, occurrence.id LIMIT \(limit)
            """
        ).map { try Self.occurrence($0).occurrence }
    }

    /// The ids of all occurrences of an event, past ones too.
    func ids(of eventID: EventID, organizationID: OrganizationID) throws -> [OccurrenceID] {
        try transaction.query(
            """
            SELECT id FROM event_occurrences
            WHERE event_definition_id = \(eventID) AND organization_id = \(organizationID) ORDER BY id
            """
        ).decode(OccurrenceID.self)
    }

    /// Adds an occurrence, which counts as announced.
    /// - Throws: a `conflict` ``Problem`` when the id is taken.
    func insert(
        _ request: CreateOccurrence, of event: EventDetails, publicKey: [UInt8], at now: Timestamp
    ) throws {
        let draft = request.draft
        let settings = EventSettings(event.settings, occurrence: draft.effectiveSettings)
        do {
            try transaction.execute(
                """
                INSERT INTO event_occurrences (
                    id, organization_id, account_id, event_definition_id, occurrence_name, start_at, end_at, timezone,
                    admission_opens_at, capacity_override, status, public_key, settings, created_at, updated_at,
                    version, announced_version, minimum_due_at)
                VALUES (
                    \(request.occurrenceID), \(event.organizationID), \(event.accountID), \(event.id),
                    \(draft.occurrenceName), \(draft.startAt), \(draft.endAt), \(draft.timezone),
                    \(draft.effectiveAdmissionOpensAt), \(draft.capacityOverride),
                    \(OccurrenceStatus.scheduled.rawValue), \(publicKey), \(PostgresJSON(draft.effectiveSettings)),
                    \(now), \(now), 1, 1, \(settings.minimumDueAt(startAt: draft.startAt, setAt: now)))
                """)
        } catch let error as PostgresError where error.isDuplicate(of: "event_occurrences_pkey") {
            throw Problem(.conflict, "There is another object with this id.")
        }
    }

    /// Marks occurrences as confirmed because their minimum is sold.
    /// - Returns: those that were scheduled until now.
    func confirm(_ ids: [OccurrenceID], at now: Timestamp) throws -> [OccurrenceChanged] {
        guard !ids.isEmpty else { return [] }
        let confirmed = try transaction.query(
            """
            UPDATE event_occurrences SET
                status = 'confirmed', updated_at = \(now), version = version + 1, announced_version = version + 1
            WHERE id = ANY(\(ids)) AND status = 'scheduled'
            RETURNING id
            """
        ).decode(OccurrenceID.self)
        return try find(confirmed)
    }

    /// Gives the live occurrences of a changed event their next version, and confirms those that have sold a lowered
    /// minimum.
    ///
    /// - Parameter limit: how many, by their start, are announced now; the rest is the sweep's.
    /// - Returns: those to announce now.
    func touchLive(
        _ eventID: EventID, organizationID: OrganizationID, limit: Int, at now: Timestamp
    ) throws
        -> [OccurrenceChanged]
    {
        let announced = try transaction.query(
            """
            WITH live AS (
                SELECT occurrence.id, row_number() OVER (ORDER BY occurrence.start_at, occurrence.id) AS number,
                    pool.sold >= event.min_capacity AS is_minimum_sold
                FROM event_occurrences AS occurrence
                JOIN event_definitions AS event ON event.id = occurrence.event_definition_id
                JOIN inventory_pools AS pool ON pool.occurrence_id = occurrence.id AND pool.ticket_type_id IS NULL
                WHERE occurrence.event_definition_id = \(eventID) AND occurrence.organization_id = \(organizationID)
                    AND occurrence.status = ANY(\(OccurrenceStatus.live.map(\.rawValue)))
            )
            UPDATE event_occurrences AS occurrence SET
                status = CASE WHEN occurrence.status = 'scheduled' AND live.is_minimum_sold THEN 'confirmed'
                    ELSE occurrence.status END,
                updated_at = \(now), version = occurrence.version + 1,
                announced_version = CASE WHEN live.number <= \(limit) THEN occurrence.version + 1
                    ELSE occurrence.announced_version END
            FROM live WHERE occurrence.id = live.id
            RETURNING occurrence.id, occurrence.announced_version = occurrence.version
            """
        ).decode((OccurrenceID, Bool).self)
        return try find(announced.filter(\.1).map(\.0))
    }

    /// Moves occurrences on whose start or end has come.
    /// - Returns: those that were moved.
    func progress(limit: Int, at now: Timestamp) throws -> [OccurrenceChanged] {
        let moved = try transaction.query(
            """
            UPDATE event_occurrences SET
                status = CASE WHEN end_at <= \(now) THEN 'completed' ELSE 'in_progress' END,
                updated_at = \(now), version = version + 1, announced_version = version + 1
            WHERE id IN (
                SELECT id FROM event_occurrences
                WHERE (status IN ('scheduled', 'confirmed') AND start_at <= \(now))
                    OR (status = 'in_progress' AND end_at <= \(now))
                ORDER BY id LIMIT \(limit) FOR NO KEY UPDATE SKIP LOCKED)
            RETURNING id
            """
        ).decode(OccurrenceID.self)
        return try find(moved)
    }

    /// Takes occurrences whose change is still to be announced.
    func takeUnannounced(limit: Int) throws -> [OccurrenceChanged] {
        let taken = try transaction.query(
            """
            UPDATE event_occurrences SET announced_version = version
            WHERE id IN (
                SELECT id FROM event_occurrences WHERE announced_version < version
                ORDER BY id LIMIT \(limit) FOR NO KEY UPDATE SKIP LOCKED)
            RETURNING id
            """
        ).decode(OccurrenceID.self)
        return try find(taken)
    }

    private static func occurrence(_ row: PostgresRow) throws -> OccurrenceChanged {
        let capacity: Int? = try row.decode("capacity")
        let seatsSold: Int = try row.decode("seats_sold")
        let details = OccurrenceDetails(
            id: try row.decode("id"), organizationID: try row.decode("organization_id"),
            eventID: try row.decode("event_definition_id"), eventName: try row.decode("event_name"),
            occurrenceName: try row.decode("occurrence_name"), startAt: try row.decode("start_at"),
            endAt: try row.decode("end_at"), timezone: try row.decode("timezone"),
            admissionOpensAt: try row.decode("admission_opens_at"),
            capacityOverride: try row.decode("capacity_override"), capacity: capacity,
            status: try row.choice("status"), seatsSold: seatsSold,
            seatsAvailable: capacity.map { max(0, $0 - seatsSold) }, venueName: try row.decode("venue_name"),
            venueAddress: try row.decode("venue_address", as: PostgresJSON<JSONValue>?.self)?.value,
            organizerName: try row.decode("organizer_name"),
            publicKey: try row.decode("public_key", as: Data.self).base64EncodedString(),
            settings: try row.decode("settings", as: PostgresJSON<JSONValue>.self).value,
            createdAt: try row.decode("created_at"), updatedAt: try row.decode("updated_at"),
            version: try row.decode("version"))
        return OccurrenceChanged(occurrence: details, eventStatus: try row.choice("event_status"))
    }
}
