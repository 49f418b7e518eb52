import Contracts
import Foundation
import Messaging
import Postgres
import TicketCode

/// The table `tickets`: the gates' own index of valid tickets.
struct TicketStore {
    let transaction: PostgresTransaction

    /// A ticket that a genuine code proves to exist.
    struct Proof {
        let ticketID: TicketID
        let occurrenceID: OccurrenceID
        let revision: Int
    }

    /// Asks for these tickets and locks them, in the order of ids, so that batches do not deadlock: whoever locks tickets of
    /// several organisations goes by organisation first. What is not in the index is left out.
    static func lockQuery(_ ids: [TicketID], organizationID: OrganizationID) -> PostgresQuery {
        """
        SELECT id, order_id, ticket_type_id, ticket_type_name, holder_name, public_id,
            revision, status = 'revoked' AS is_revoked, movements, first_admitted_at, occurrence_id, code_hash
        FROM tickets WHERE id = ANY(\(ids)) AND organization_id = \(organizationID)
        ORDER BY id
        FOR UPDATE
        """
    }

    static func tickets(in rows: PostgresRows) throws -> [TicketID: GateTicket] {
        let tickets = try rows.decode(
            (
                TicketID, OrderID?, TicketTypeID?, String?, String?, String?, Int, Bool, Int, Timestamp?, OccurrenceID,
                Data?
            ).self
        ).map { row in
            GateTicket(
                id: row.0, orderID: row.1, ticketTypeID: row.2, ticketTypeName: row.3, holderName: row.4,
                publicID: row.5,
                issuedCode: row.11.map { IssuedCode(occurrenceID: row.10, hash: $0) },
                presence: TicketPresence(
                    revision: row.6, isRevoked: row.7, movements: row.8, firstAdmittedAt: row.9))
        }
        return Dictionary(uniqueKeysWithValues: tickets.map { ($0.id, $0) })
    }

    /// Locks the tickets of these codes and reads them. A ticket that is not in the index yet is put there.
    ///
    /// One statement locks and inserts, in the order of ids, as ``lockQuery(_:organizationID:)`` does. No other ticket of the
    /// organisation may be locked before. `DO UPDATE … WHERE false` locks the row that is there without writing a new version of it. No ticket
    /// may be named twice.
    func lockOrAdd(_ proofs: [Proof], organizationID: OrganizationID) throws -> [TicketID: GateTicket] {
        try transaction.write(
            """
            INSERT INTO tickets (id, organization_id, occurrence_id, revision)
            SELECT id, \(organizationID), occurrence_id, revision
            FROM unnest(
                \(proofs.map(\.ticketID)), \(proofs.map(\.occurrenceID)), \(proofs.map(\.revision)))
                AS proof (id, occurrence_id, revision)
            ORDER BY id
            ON CONFLICT (id) DO UPDATE SET id = excluded.id WHERE false
            """)
        return try Self.tickets(
            in: transaction.query(Self.lockQuery(proofs.map(\.ticketID), organizationID: organizationID)))
    }

    /// Writes back where the holders of locked tickets are.
    func update(_ tickets: [GateTicket], organizationID: OrganizationID) throws {
        guard !tickets.isEmpty else { return }
        try transaction.write(
            """
            UPDATE tickets
            SET revision = changed.revision, movements = changed.movements,
                first_admitted_at = changed.first_admitted_at
            FROM unnest(
                \(tickets.map(\.id)), \(tickets.map(\.presence.revision)), \(tickets.map(\.presence.movements)),
                \(tickets.map(\.presence.firstAdmittedAt)))
                AS changed (id, revision, movements, first_admitted_at)
            WHERE tickets.id = changed.id AND tickets.organization_id = \(organizationID)
            """)
    }

    /// Puts the tickets of completed orders into the index, and fills in what codes alone did not tell. What is known
    /// of a ticket's admissions and of its revocation stays.
    func index(_ orders: [(organizationID: OrganizationID, order: OrderCompleted)]) throws {
        var newest: [TicketID: IndexedTicket] = [:]
        for (organizationID, order) in orders {
            for ticket in order.tickets where ticket.revision >= newest[ticket.id]?.ticket.revision ?? 0 {
                newest[ticket.id] = IndexedTicket(organizationID: organizationID, order: order, ticket: ticket)
            }
        }
        let tickets = Array(newest.values)
        guard !tickets.isEmpty else { return }
        try transaction.write(
            """
            INSERT INTO tickets
                (id, organization_id, occurrence_id, order_id, ticket_type_id, ticket_type_name, holder_name, public_id,
                revision, code_hash)
            SELECT * FROM unnest(
                \(tickets.map(\.ticket.id)), \(tickets.map(\.organizationID)), \(tickets.map(\.order.occurrenceID)),
                \(tickets.map(\.order.orderID)), \(tickets.map(\.ticket.ticketTypeID)),
                \(tickets.map(\.ticket.ticketTypeName)), \(tickets.map(\.ticket.holderName)),
                \(tickets.map(\.ticket.publicID)), \(tickets.map(\.ticket.revision)), \(tickets.map(\.codeHash)))
                AS new (
                    id, organization_id, occurrence_id, order_id, ticket_type_id, ticket_type_name, holder_name,
                    public_id, revision, code_hash)
            ORDER BY organization_id, id
            ON CONFLICT (id) DO UPDATE SET
                order_id = excluded.order_id, ticket_type_id = excluded.ticket_type_id,
                ticket_type_name = excluded.ticket_type_name, holder_name = excluded.holder_name,
                public_id = excluded.public_id, revision = greatest(tickets.revision, excluded.revision),
                code_hash = excluded.code_hash
            WHERE tickets.order_id IS NULL AND tickets.organization_id = excluded.organization_id
            """)
    }

    /// Revokes tickets, or makes them valid again. Older words than the last one about a ticket are dropped. A word that
    /// comes before the ticket's order is kept with the ticket, and the order leaves it as it is.
    func apply(_ words: [RefundWord]) throws {
        let words = words.newest
        guard !words.isEmpty else { return }
        try transaction.write(
            """
            INSERT INTO tickets (id, organization_id, occurrence_id, revision, status, refund_version)
            SELECT id, organization_id, occurrence_id, 0, CASE WHEN is_revoked THEN 'revoked' ELSE 'valid' END,
                refund_version
            FROM unnest(
                \(words.map(\.ticketID)), \(words.map(\.organizationID)), \(words.map(\.occurrenceID)),
                \(words.map(\.isRevoked)), \(words.map(\.orderVersion)))
                AS new (id, organization_id, occurrence_id, is_revoked, refund_version)
            ORDER BY organization_id, id
            ON CONFLICT (id) DO UPDATE SET status = excluded.status, refund_version = excluded.refund_version
            WHERE tickets.refund_version < excluded.refund_version
                AND tickets.organization_id = excluded.organization_id
            """)
    }

    private struct IndexedTicket {
        let organizationID: OrganizationID
        let order: OrderCompleted
        let ticket: IssuedTicket

        /// Nil for a code that no gate would accept.
        var codeHash: Data? { TicketCode(ticket.code).map { Data($0.hash) } }
    }
}
