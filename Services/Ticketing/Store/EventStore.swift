import Contracts
import Messaging
import Postgres

/// The table `event_definitions`, on behalf of one organisation.
struct EventStore {
    let transaction: PostgresTransaction
    let organizationID: OrganizationID

    private static let slugConstraint = "event_def_org_slug_unique"
    private static let columns = """
        id, organization_id, account_id, name, slug, description, category, event_type, duration_minutes, venue_type,
        venue_name, venue_address, organizer_name, organizer_contact, max_capacity, min_capacity, status, settings,
        created_at, updated_at, version
        """

    func find(_ id: EventID) throws -> EventDetails? {
        try transaction.query(
            """
            SELECT \(unescaped: Self.columns) FROM event_definitions
            WHERE id = \(id) AND organization_id = \(organizationID)
            """
        ).first.map(Self.details)
    }

    /// Locks the event: whatever changes an event, its occurrences' or its ticket types' stock does so one after the
    /// other.
    /// - Throws: a `not-found` ``Problem``.
    func requireLocked(_ id: EventID) throws -> EventDetails {
        let row = try transaction.query(
            """
            SELECT \(unescaped: Self.columns) FROM event_definitions
            WHERE id = \(id) AND organization_id = \(organizationID) FOR NO KEY UPDATE
            """
        ).first
        guard let row else { throw Problem.notFound("event") }
        return try Self.details(row)
    }

    /// Events older than `position`, newest first.
    func list(
        before position: EventID?, status: EventStatus?, category: EventCategory?, limit: Int
    ) throws -> [EventDetails] {
        try transaction.query(
            """
            SELECT \(unescaped: Self.columns) FROM event_definitions
            WHERE organization_id = \(organizationID) AND (\(position)::uuid IS NULL OR id < \(position))
                AND (\(status?.rawValue)::text IS NULL OR status = \(status?.rawValue))
                AND (\(category?.rawValue)::text IS NULL OR category = \(category?.rawValue))
            ORDER BY id DESC LIMIT \(limit)
            """
        ).map(Self.details)
    }

    /// The slug that the draft gives, or else a free one made from the name.
    ///
    /// - Parameter id: the event that may keep its slug.
    /// - Throws: a `conflict` ``Problem`` when another event has the given one.
    func slug(for draft: EventDraft, of id: EventID) throws -> String {
        if let slug = draft.slug {
            guard try taken(among: [slug], byOthersThan: id).isEmpty else { throw Self.slugTaken(slug) }
            return slug
        }
        let candidates = EventSlug.candidates(for: EventSlug.make(from: draft.name), count: 1000)
        let taken = try taken(among: candidates, byOthersThan: id)
        guard let slug = candidates.first(where: { !taken.contains($0) }) else {
            throw Problem(.conflict, "A thousand events have this name; give a slug of your own.")
        }
        return slug
    }

    /// Adds a draft event.
    /// - Throws: a `conflict` ``Problem`` when somebody was faster with the slug or the id.
    func insert(_ draft: EventDraft, id: EventID, slug: String, at now: Timestamp) throws {
        try refusingDuplicates(slug: slug) {
            try transaction.execute(
                """
                INSERT INTO event_definitions (
                    id, organization_id, account_id, name, slug, description, category, event_type, duration_minutes,
                    venue_type, venue_name, venue_address, organizer_name, organizer_contact, max_capacity,
                    min_capacity, status, settings, created_at, updated_at, version)
                VALUES (
                    \(id), \(organizationID), \(draft.accountID), \(draft.name), \(slug), \(draft.description),
                    \(draft.effectiveCategory.rawValue), \(draft.effectiveEventType.rawValue),
                    \(draft.durationMinutes), \(draft.effectiveVenueType.rawValue), \(draft.venueName),
                    \(draft.venueAddress.map { PostgresJSON($0) }), \(draft.organizerName),
                    \(draft.organizerContact.map { PostgresJSON($0) }), \(draft.maxCapacity),
                    \(draft.effectiveMinCapacity), \(EventStatus.draft.rawValue),
                    \(PostgresJSON(draft.effectiveSettings)), \(now), \(now), 1)
                """)
        }
    }

    /// Stores a changed event as its next version.
    /// - Throws: a `conflict` ``Problem`` when somebody was faster with the slug.
    func update(_ event: EventDetails, at now: Timestamp) throws {
        try refusingDuplicates(slug: event.slug) {
            try transaction.execute(
                """
                UPDATE event_definitions SET
                    account_id = \(event.accountID), name = \(event.name), slug = \(event.slug),
                    description = \(event.description), category = \(event.category.rawValue),
                    event_type = \(event.eventType.rawValue), duration_minutes = \(event.durationMinutes),
                    venue_type = \(event.venueType.rawValue), venue_name = \(event.venueName),
                    venue_address = \(event.venueAddress.map { PostgresJSON($0) }),
                    organizer_name = \(event.organizerName),
                    organizer_contact = \(event.organizerContact.map { PostgresJSON($0) }),
                    max_capacity = \(event.maxCapacity), min_capacity = \(event.minCapacity),
                    status = \(event.status.rawValue), settings = \(PostgresJSON(event.settings)),
                    updated_at = \(now), version = version + 1
                WHERE id = \(event.id) AND organization_id = \(organizationID)
                """)
        }
    }

    /// Whether the event has a ticket type at all.
    func hasTicketType(_ id: EventID) throws -> Bool {
        try transaction.query(
            """
            SELECT EXISTS (
                SELECT FROM ticket_types WHERE event_definition_id = \(id) AND organization_id = \(organizationID))
            """
        ).decodeOne(Bool.self)
    }

    private func taken(among slugs: [String], byOthersThan id: EventID) throws -> Set<String> {
        Set(
            try transaction.query(
                """
                SELECT slug FROM event_definitions
                WHERE organization_id = \(organizationID) AND slug = ANY(\(slugs)) AND id <> \(id)
                """
            ).decode(String.self))
    }

    private func refusingDuplicates(slug: String, _ body: () throws -> Void) throws {
        do {
            try body()
        } catch let error as PostgresError where error.isDuplicate(of: Self.slugConstraint) {
            throw Self.slugTaken(slug)
        } catch let error as PostgresError where error.isDuplicate(of: "event_definitions_pkey") {
            throw Problem(.conflict, "There is another object with this id.")
        }
    }

    private static func slugTaken(_ slug: String) -> Problem {
        Problem(.conflict, "Another event has the slug \"\(slug)\"; give another one or none.")
    }

    private static func details(_ row: PostgresRow) throws -> EventDetails {
        EventDetails(
            id: try row.decode("id"), organizationID: try row.decode("organization_id"),
            accountID: try row.decode("account_id"), name: try row.decode("name"), slug: try row.decode("slug"),
            description: try row.decode("description"), category: try row.choice("category"),
            eventType: try row.choice("event_type"), durationMinutes: try row.decode("duration_minutes"),
            venueType: try row.choice("venue_type"), venueName: try row.decode("venue_name"),
            venueAddress: try row.decode("venue_address", as: PostgresJSON<JSONValue>?.self)?.value,
            organizerName: try row.decode("organizer_name"),
            organizerContact: try row.decode("organizer_contact", as: PostgresJSON<JSONValue>?.self)?.value,
            maxCapacity: try row.decode("max_capacity"), minCapacity: try row.decode("min_capacity"),
            status: try row.choice("status"),
            settings: try row.decode("settings", as: PostgresJSON<JSONValue>.self).value,
            createdAt: try row.decode("created_at"), updatedAt: try row.decode("updated_at"),
            version: try row.decode("version"))
    }
}
