import Contracts
import Messaging
import Postgres

/// Reads of the catalogue what decides about holds and confirmations, for a whole batch at once.
enum SaleCatalogue {
    static func occurrencesQuery(_ ids: [OccurrenceID]) -> PostgresQuery {
        """
        SELECT occurrence.id, occurrence.organization_id, occurrence.event_definition_id, occurrence.account_id,
            occurrence.status, occurrence.end_at, event.status,
            coalesce(organization.status, 'active') = 'active'
        FROM event_occurrences AS occurrence
        JOIN event_definitions AS event ON event.id = occurrence.event_definition_id
        LEFT JOIN organizations AS organization ON organization.id = occurrence.organization_id
        WHERE occurrence.id = ANY(\(ids))
        """
    }

    static func occurrences(_ rows: PostgresRows) throws -> [OccurrenceID: OccurrenceOnSale] {
        let occurrences = try rows.decode(
            (
                OccurrenceID, OrganizationID, EventID, AccountID?, TextColumn<OccurrenceStatus>, Timestamp,
                TextColumn<EventStatus>, Bool
            ).self
        ).map { id, organizationID, eventID, accountID, status, endAt, eventStatus, isOrganizationActive in
            OccurrenceOnSale(
                id: id, organizationID: organizationID, eventID: eventID, accountID: accountID, status: status.value,
                endAt: endAt, eventStatus: eventStatus.value, isOrganizationActive: isOrganizationActive)
        }
        return Dictionary(uniqueKeysWithValues: occurrences.map { ($0.id, $0) })
    }

    /// The ticket types that have stock at these occurrences.
    static func ticketTypesQuery(_ ids: [OccurrenceID]) -> PostgresQuery {
        """
        SELECT pool.occurrence_id, type.id, type.name, type.price_cents, type.currency, type.status = 'disabled',
            type.valid_from, type.valid_until, type.min_quantity, type.max_quantity
        FROM inventory_pools AS pool JOIN ticket_types AS type ON type.id = pool.ticket_type_id
        WHERE pool.occurrence_id = ANY(\(ids))
        """
    }

    static func ticketTypes(_ rows: PostgresRows) throws -> [OccurrenceID: [TicketTypeID: TicketTypeOnSale]] {
        var types: [OccurrenceID: [TicketTypeID: TicketTypeOnSale]] = [:]
        let decoded = try rows.decode(
            (
                OccurrenceID, TicketTypeID, String, Int, Currency, Bool, Timestamp?, Timestamp?, Int, Int
            ).self)
        for (occurrenceID, id, name, price, currency, isDisabled, validFrom, validUntil, minimum, maximum) in decoded {
            types[occurrenceID, default: [:]][id] = TicketTypeOnSale(
                id: id, name: name, priceCents: price, currency: currency, isDisabled: isDisabled,
                validFrom: validFrom, validUntil: validUntil, minQuantity: minimum, maxQuantity: maximum)
        }
        return types
    }

    static func factsQuery(_ ids: [OccurrenceID]) -> PostgresQuery {
        """
        SELECT occurrence.id, occurrence.organization_id, occurrence.event_definition_id, occurrence.status,
            event.min_capacity, occurrence.public_key, event.name, occurrence.occurrence_name, occurrence.start_at,
            occurrence.end_at, occurrence.timezone, event.venue_name, event.venue_address, event.organizer_name
        FROM event_occurrences AS occurrence
        JOIN event_definitions AS event ON event.id = occurrence.event_definition_id
        WHERE occurrence.id = ANY(\(ids))
        """
    }

    static func facts(_ rows: PostgresRows) throws -> [OccurrenceID: OccurrenceFacts] {
        let facts = try rows.decode(
            (
                OccurrenceID, OrganizationID, EventID, TextColumn<OccurrenceStatus>, Int, [UInt8], String, String?,
                Timestamp, Timestamp, String, String?, PostgresJSON<JSONValue>?, String?
            ).self
        ).map { row in
            OccurrenceFacts(
                id: row.0, organizationID: row.1, eventID: row.2, status: row.3.value, minCapacity: row.4,
                publicKey: row.5, eventName: row.6, occurrenceName: row.7, startAt: row.8, endAt: row.9,
                timezone: row.10, venueName: row.11, venueAddress: row.12?.value, organizerName: row.13)
        }
        return Dictionary(uniqueKeysWithValues: facts.map { ($0.id, $0) })
    }
}
