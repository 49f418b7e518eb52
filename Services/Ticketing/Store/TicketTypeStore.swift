import Contracts
import Messaging
import Postgres

/// The table `ticket_types`.
struct TicketTypeStore {
    let transaction: PostgresTransaction

    private static let select = """
        SELECT type.id, type.organization_id, type.event_definition_id, type.name, type.description, type.tier,
            type.price_cents, type.currency, type.quantity_available, type.valid_from, type.valid_until,
            type.min_quantity, type.max_quantity, type.status, type.settings, type.created_at, type.updated_at,
            type.version, coalesce((
                SELECT sum(pool.reserved + pool.sold) FROM inventory_pools AS pool
                WHERE pool.ticket_type_id = type.id AND pool.organization_id = type.organization_id
            ), 0) AS quantity_sold
        FROM ticket_types AS type
        """

    func find(_ id: TicketTypeID, organizationID: OrganizationID) throws -> TicketTypeDetails? {
        try transaction.query(
            "\(unescaped: Self.select) WHERE type.id = \(id) AND type.organization_id = \(organizationID)"
        ).first.map(Self.details)
    }

    /// Ticket types of every organisation, in the order of their ids.
    func find(_ ids: [TicketTypeID]) throws -> [TicketTypeDetails] {
        guard !ids.isEmpty else { return [] }
        return try transaction.query(
            "\(unescaped: Self.select) WHERE type.id = ANY(\(ids)) ORDER BY type.id"
        ).map(Self.details)
    }

    /// An event's ticket types older than `position`, newest first.
    func list(
        _ eventID: EventID, organizationID: OrganizationID, before position: TicketTypeID?, limit: Int
    ) throws -> [TicketTypeDetails] {
        try transaction.query(
            """
            \(unescaped: Self.select)
            WHERE type.event_definition_id = \(eventID) AND type.organization_id = \(organizationID)
                AND (\(position)::uuid IS NULL OR type.id < \(position))
            ORDER BY type.id DESC LIMIT \(limit)
            """
        ).map(Self.details)
    }

    /// The ticket types of an event with how many each occurrence has of them.
    func quantities(of eventID: EventID, organizationID: OrganizationID) throws -> [(TicketTypeID, Int?)] {
        try transaction.query(
            """
            SELECT id, quantity_available FROM ticket_types
            WHERE event_definition_id = \(eventID) AND organization_id = \(organizationID) ORDER BY id
            """
        ).decode((TicketTypeID, Int?).self)
    }

    /// - Throws: a `conflict` ``Problem`` when the id is taken.
    func insert(_ request: CreateTicketType, of event: EventDetails, at now: Timestamp) throws {
        let draft = request.draft
        do {
            try transaction.execute(
                """
                INSERT INTO ticket_types (
                    id, organization_id, account_id, event_definition_id, name, description, tier, price_cents,
                    currency, quantity_available, valid_from, valid_until, min_quantity, max_quantity, status,
                    settings, created_at, updated_at, version)
                VALUES (
                    \(request.ticketTypeID), \(event.organizationID), \(event.accountID), \(event.id), \(draft.name),
                    \(draft.description), \(draft.effectiveTier.rawValue), \(draft.priceCents),
                    \(draft.effectiveCurrency), \(draft.quantityAvailable), \(draft.validFrom), \(draft.validUntil),
                    \(draft.effectiveMinQuantity), \(draft.effectiveMaxQuantity), \(TicketTypeStatus.active.rawValue),
                    \(PostgresJSON(draft.effectiveSettings)), \(now), \(now), 1)
                """)
        } catch let error as PostgresError where error.isDuplicate(of: "ticket_types_pkey") {
            throw Problem(.conflict, "There is another object with this id.")
        }
    }

    /// Stores a changed ticket type as its next version.
    func update(_ type: TicketTypeDetails, at now: Timestamp) throws {
        try transaction.execute(
            """
            UPDATE ticket_types SET
                name = \(type.name), description = \(type.description), tier = \(type.tier.rawValue),
                price_cents = \(type.priceCents), currency = \(type.currency),
                quantity_available = \(type.quantityAvailable), valid_from = \(type.validFrom),
                valid_until = \(type.validUntil), min_quantity = \(type.minQuantity),
                max_quantity = \(type.maxQuantity), status = \(type.status.rawValue),
                settings = \(PostgresJSON(type.settings)), updated_at = \(now), version = version + 1
            WHERE id = \(type.id) AND organization_id = \(type.organizationID)
            """)
    }

    /// Sets the status of a ticket type as part of the change that it belongs to.
    func setStatus(_ status: TicketTypeStatus, of id: TicketTypeID, organizationID: OrganizationID) throws {
        try transaction.execute(
            """
            UPDATE ticket_types SET status = \(status.rawValue)
            WHERE id = \(id) AND organization_id = \(organizationID) AND status <> \(status.rawValue)
            """)
    }

    /// Those of the ticket types of which no occurrence that still sells has any left. One without such an occurrence
    /// is not sold out.
    func soldOut(among ids: [TicketTypeID], at now: Timestamp) throws -> Set<TicketTypeID> {
        Set(
            try transaction.query(
                """
                SELECT pool.ticket_type_id
                FROM inventory_pools AS pool
                JOIN event_occurrences AS occurrence ON occurrence.id = pool.occurrence_id
                JOIN inventory_pools AS whole
                    ON whole.occurrence_id = pool.occurrence_id AND whole.ticket_type_id IS NULL
                WHERE pool.ticket_type_id = ANY(\(ids)) AND occurrence.end_at > \(now)
                    AND occurrence.status = ANY(\(OccurrenceStatus.live.map(\.rawValue)))
                GROUP BY pool.ticket_type_id
                HAVING bool_and(
                    coalesce(pool.reserved + pool.sold >= pool.capacity, false)
                    OR coalesce(whole.reserved + whole.sold >= whole.capacity, false))
                """
            ).decode(TicketTypeID.self))
    }

    /// Ticket types whose sale has ended by the clock. They are not locked here: ``refreshStatuses(_:at:)`` locks in
    /// its order.
    func expiring(limit: Int, at now: Timestamp) throws -> [TicketTypeID] {
        try transaction.query(
            """
            SELECT id FROM ticket_types WHERE status IN ('active', 'sold_out') AND valid_until <= \(now)
            ORDER BY valid_until LIMIT \(limit)
            """
        ).decode(TicketTypeID.self)
    }

    /// Sets the status that follows from terms, clock and stock.
    /// - Returns: the ticket types whose status was another one.
    func refreshStatuses(_ ids: [TicketTypeID], at now: Timestamp) throws -> [TicketTypeDetails] {
        guard !ids.isEmpty else { return [] }
        let stored = try transaction.query(
            "SELECT id, status, valid_until FROM ticket_types WHERE id = ANY(\(ids)) ORDER BY id FOR NO KEY UPDATE"
        ).decode((TicketTypeID, TextColumn<TicketTypeStatus>, Timestamp?).self)
        let soldOut = try soldOut(among: ids, at: now)
        let changed = stored.compactMap { id, status, validUntil -> (TicketTypeID, TicketTypeStatus)? in
            let derived = TicketTypeStatus.derived(
                isDisabled: status.value == .disabled, validUntil: validUntil, isSoldOut: soldOut.contains(id), at: now)
            return derived == status.value ? nil : (id, derived)
        }
        guard !changed.isEmpty else { return [] }
        try transaction.execute(
            """
            UPDATE ticket_types AS type SET status = new.status, updated_at = \(now), version = type.version + 1
            FROM unnest(\(changed.map(\.0)), \(changed.map(\.1.rawValue))) AS new (id, status)
            WHERE type.id = new.id
            """)
        return try find(changed.map(\.0))
    }

    private static func details(_ row: PostgresRow) throws -> TicketTypeDetails {
        TicketTypeDetails(
            id: try row.decode("id"), organizationID: try row.decode("organization_id"),
            eventID: try row.decode("event_definition_id"), name: try row.decode("name"),
            description: try row.decode("description"), tier: try row.choice("tier"),
            priceCents: try row.decode("price_cents"), currency: try row.decode("currency"),
            quantityAvailable: try row.decode("quantity_available"), quantitySold: try row.decode("quantity_sold"),
            validFrom: try row.decode("valid_from"), validUntil: try row.decode("valid_until"),
            minQuantity: try row.decode("min_quantity"), maxQuantity: try row.decode("max_quantity"),
            status: try row.choice("status"),
            settings: try row.decode("settings", as: PostgresJSON<JSONValue>.self).value,
            createdAt: try row.decode("created_at"), updatedAt: try row.decode("updated_at"),
            version: try row.decode("version"))
    }
}
