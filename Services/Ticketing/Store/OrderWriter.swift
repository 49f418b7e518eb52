import Contracts
import Messaging
import Postgres

/// Writes what batches of stock commands decided: multi-row statements, to travel in one round trip.
enum OrderWriter {
    /// Adds held orders with their items, attendees and tickets.
    static func insertQueries(_ new: [NewOrder], at now: Timestamp) -> [PostgresQuery] {
        guard !new.isEmpty else { return [] }
        return [ordersQuery(new.map(\.order), at: now), itemsQuery(new.map(\.order))]
            + [attendeesQuery(new, at: now), ticketsQuery(new, at: now)]
    }

    /// Remembers orders whose release came before their hold. One that exists by now stays as it is.
    static func insertUnheldQuery(_ commands: [(OrganizationID, ReleaseHold)], at now: Timestamp) -> PostgresQuery {
        let releases = commands.map(\.1)
        return """
            INSERT INTO orders (
                id, organization_id, checkout_id, event_occurrence_id, status, was_held, total_cents, created_at,
                updated_at)
            SELECT id, organization_id, checkout_id, occurrence_id, status, false, 0, \(now), \(now)
            FROM unnest(
                \(releases.map(\.orderID)), \(commands.map(\.0)), \(releases.map(\.checkoutID)),
                \(releases.map(\.occurrenceID)), \(releases.map(\.reason.orderStatus.rawValue)))
                AS new (id, organization_id, checkout_id, occurrence_id, status)
            ON CONFLICT (id) DO NOTHING
            """
    }

    /// Ends reserved orders, and their tickets in the same way.
    static func endQueries(_ orders: [HeldOrder], at now: Timestamp) -> [PostgresQuery] {
        let statuses = orders.map(\.status.rawValue)
        return [
            """
            UPDATE orders SET status = ended.status, updated_at = \(now)
            FROM unnest(\(orders.map(\.id)), \(statuses)) AS ended (id, status)
            WHERE orders.id = ended.id AND orders.status = 'reserved'
            """,
            """
            UPDATE tickets SET status = ended.status, updated_at = \(now), canceled_at =
                CASE ended.status WHEN 'canceled' THEN \(now)::timestamptz END
            FROM unnest(\(orders.map(\.id)), \(statuses)) AS ended (order_id, status)
            WHERE tickets.order_id = ended.order_id AND tickets.status = 'reserved'
            """,
        ]
    }

    /// Completes orders and confirms their tickets, which carry their codes.
    ///
    /// - Parameter orders: each with the status that it and all of its tickets have until now: reserved, or ended where
    ///   the places were taken again.
    static func completeQueries(
        _ orders: [(order: HeldOrder, from: OrderStatus)], at now: Timestamp
    ) -> [PostgresQuery] {
        let tickets = orders.flatMap { order, from in order.tickets.map { (ticket: $0, from: from) } }
        return [
            """
            UPDATE orders SET status = 'completed', charge_id = paid.charge_id, completed_at = \(now),
                updated_at = \(now)
            FROM unnest(
                \(orders.map(\.order.id)), \(orders.map(\.order.chargeID)), \(orders.map(\.from.rawValue)))
                AS paid (id, charge_id, status)
            WHERE orders.id = paid.id AND orders.status = paid.status
            """,
            """
            UPDATE tickets SET status = 'confirmed', qr_code_data = issued.code, code_revision = issued.revision,
                confirmed_at = \(now), canceled_at = NULL, updated_at = \(now)
            FROM unnest(
                \(tickets.map(\.ticket.id)), \(tickets.map(\.ticket.code)), \(tickets.map(\.ticket.revision)),
                \(tickets.map(\.from.rawValue))) AS issued (id, code, revision, status)
            WHERE tickets.id = issued.id AND tickets.status = issued.status
            """,
        ]
    }

    private static func ordersQuery(_ orders: [HeldOrder], at now: Timestamp) -> PostgresQuery {
        """
        INSERT INTO orders (
            id, organization_id, checkout_id, event_occurrence_id, total_cents, currency, buyer_email,
            buyer_given_name, buyer_family_name, expires_at, status, was_held, created_at, updated_at)
        SELECT new.*, 'reserved', true, \(now), \(now)
        FROM unnest(
            \(orders.map(\.id)), \(orders.map(\.organizationID)), \(orders.map(\.checkoutID)),
            \(orders.map(\.occurrenceID)), \(orders.map(\.quote.totalCents)), \(orders.map(\.quote.currency)),
            \(orders.map(\.buyer.email)), \(orders.map(\.buyer.givenName)), \(orders.map(\.buyer.familyName)),
            \(orders.map(\.expiresAt))) AS new
        """
    }

    private static func itemsQuery(_ orders: [HeldOrder]) -> PostgresQuery {
        let items = orders.flatMap { order in
            order.quote.lines.enumerated().map { (order: order, position: $0.offset, line: $0.element) }
        }
        let lines = items.map(\.line)
        return """
            INSERT INTO order_items (
                order_id, ticket_type_id, organization_id, position, name, quantity, unit_price_cents, total_cents)
            SELECT * FROM unnest(
                \(items.map(\.order.id)), \(lines.map(\.ticketTypeID)), \(items.map(\.order.organizationID)),
                \(items.map(\.position)), \(lines.map(\.name)), \(lines.map(\.quantity)),
                \(lines.map(\.unitPriceCents)), \(lines.map(\.totalCents)))
            """
    }

    private static func attendeesQuery(_ new: [NewOrder], at now: Timestamp) -> PostgresQuery {
        let rows = new.flatMap { new in
            new.attendees.map { (organizationID: new.order.organizationID, attendee: $0) }
        }
        let attendees = rows.map(\.attendee)
        let drafts = attendees.map(\.draft)
        // Lists of lists are no rectangular arrays, so that they travel as JSON.
        return """
            INSERT INTO attendees (
                id, organization_id, email, given_name, family_name, phone, emergency_contact, dietary_restrictions,
                accessibility_needs, notes, created_at, updated_at)
            SELECT id, organization_id, email, given_name, family_name, phone, emergency_contact,
                CASE WHEN diets IS NOT NULL THEN ARRAY(SELECT jsonb_array_elements_text(diets)) END,
                CASE WHEN needs IS NOT NULL THEN ARRAY(SELECT jsonb_array_elements_text(needs)) END,
                notes, \(now), \(now)
            FROM unnest(
                \(attendees.map(\.id)), \(rows.map(\.organizationID)), \(attendees.map(\.email)),
                \(drafts.map(\.givenName)), \(drafts.map(\.familyName)), \(drafts.map(\.phone)),
                \(drafts.map { $0.emergencyContact.map { PostgresJSON($0) } }),
                \(drafts.map { $0.dietaryRestrictions.map { PostgresJSON($0) } }),
                \(drafts.map { $0.accessibilityNeeds.map { PostgresJSON($0) } }), \(drafts.map(\.notes)))
                AS new (
                    id, organization_id, email, given_name, family_name, phone, emergency_contact, diets, needs, notes)
            """
    }

    private static func ticketsQuery(_ new: [NewOrder], at now: Timestamp) -> PostgresQuery {
        let rows = new.flatMap { new in
            new.order.tickets.enumerated().map { position, ticket in
                (new: new, position: position, ticket: ticket)
            }
        }
        let tickets = rows.map(\.ticket)
        return """
            INSERT INTO tickets (
                id, organization_id, account_id, order_id, position, event_occurrence_id, ticket_type_id, attendee_id,
                confirmation_code, price_paid_cents, currency, status, reserved_at, created_at, updated_at)
            SELECT new.*, 'reserved', \(now), \(now), \(now)
            FROM unnest(
                \(tickets.map(\.id)), \(rows.map(\.new.order.organizationID)), \(rows.map(\.new.accountID)),
                \(rows.map(\.new.order.id)), \(rows.map(\.position)), \(rows.map(\.new.order.occurrenceID)),
                \(tickets.map(\.ticketTypeID)),
                \(rows.map { $0.new.attendees[$0.new.attendeeIndices[$0.position]].id }),
                \(tickets.map(\.publicID)), \(tickets.map(\.priceCents)), \(rows.map(\.new.order.quote.currency)))
                AS new
            """
    }
}

extension ReleaseReason {
    /// How an order ends that is released for this reason.
    var orderStatus: OrderStatus {
        switch self {
        case .expired: .expired
        case .canceled, .paymentFailed: .canceled
        }
    }
}
