import Contracts
import Foundation
import Messaging
import Postgres

extension InvariantCheck {
    /// Invariant 6: scans are facts.
    static let scans = [
        InvariantCheck(
            6, "no ticket is admitted twice without an exit", in: .scanning,
            sql: """
                SELECT format('ticket %s, movement %s is %s', ticket_id, sequence, direction)
                FROM (
                    SELECT ticket_id, sequence, direction,
                           row_number() OVER (PARTITION BY ticket_id ORDER BY sequence) AS place
                    FROM in_out_events
                ) AS movement
                WHERE sequence <> place OR direction <> CASE place % 2 WHEN 1 THEN 'in' ELSE 'out' END
                """),
        InvariantCheck(
            6, "every admission and every exit is one movement, and nothing else is", in: .scanning,
            sql: """
                SELECT format('scan %s of ticket %s is %s; movement %s, %s', scan.id, scan.ticket_id, scan.result,
                              coalesce(movement.sequence::text, 'none'), coalesce(movement.direction, '-'))
                FROM scans AS scan
                LEFT JOIN in_out_events AS movement
                     ON movement.organization_id = scan.organization_id AND movement.scan_id = scan.id
                WHERE CASE scan.result WHEN 'admitted' THEN 'in' WHEN 'exited' THEN 'out' END
                      IS DISTINCT FROM movement.direction
                   OR movement.ticket_id <> scan.ticket_id
                """),
        InvariantCheck(
            6, "the scan and the ticket of every movement are there", in: .scanning,
            sql: """
                SELECT format('movement %s of ticket %s, scan %s', movement.sequence, movement.ticket_id, movement.scan_id)
                FROM in_out_events AS movement
                LEFT JOIN scans AS scan
                     ON scan.organization_id = movement.organization_id AND scan.id = movement.scan_id
                LEFT JOIN tickets AS ticket ON ticket.id = movement.ticket_id
                WHERE scan.id IS NULL OR ticket.id IS NULL
                """),
        InvariantCheck(
            6, "no ticket passes a gate of another occurrence", in: .scanning,
            sql: """
                SELECT format('scan %s at occurrence %s: ticket %s of occurrence %s is %s', scan.id, scan.occurrence_id,
                              ticket.id, ticket.occurrence_id, scan.result)
                FROM scans AS scan JOIN tickets AS ticket ON ticket.id = scan.ticket_id
                WHERE scan.result IN ('admitted', 'exited') AND scan.occurrence_id <> ticket.occurrence_id
                """),
        InvariantCheck(
            6, "every stored answer is that of its scan", in: .scanning,
            sql: """
                SELECT format('scan %s of ticket %s is %s; its answer: %s', id, coalesce(ticket_id::text, '-'), result,
                              answer)
                FROM scans
                WHERE (answer->>'id')::uuid IS DISTINCT FROM id OR answer->>'result' IS DISTINCT FROM result
                   OR (answer->'ticket'->>'id')::uuid <> ticket_id
                """),
        InvariantCheck(
            5, "a ticket's movements are those that happened", in: .scanning,
            sql: """
                SELECT format('ticket %s has %s movements, %s happened', ticket.id, ticket.movements,
                              coalesce(movement.count, 0))
                FROM tickets AS ticket
                LEFT JOIN (SELECT ticket_id, count(*) FROM in_out_events GROUP BY ticket_id) AS movement
                     ON movement.ticket_id = ticket.id
                WHERE ticket.movements <> coalesce(movement.count, 0)
                """),
        InvariantCheck(6, "every admitted ticket was sold for that occurrence", find: strangers),
        InvariantCheck(5, "admitted tickets are checked in", find: missedCheckIns),
        InvariantCheck(8, "every sold ticket is known at the gates", find: ticketsUnknownAtGates),
    ]

    private struct AdmittedTicket: Sendable {
        let id: UUID
        let organizationID: UUID
        let occurrenceID: UUID

        static func read(_ rows: PostgresRows) throws -> [AdmittedTicket] {
            try rows.decode((UUID, UUID, UUID).self).map {
                AdmittedTicket(id: $0, organizationID: $1, occurrenceID: $2)
            }
        }

        /// Why it should not have been let in.
        func problem(_ sold: AdmittedTicket?) -> String? {
            let admitted = "ticket \(id.text) was admitted at occurrence \(occurrenceID.text)"
            guard let sold else { return "\(admitted) and never sold" }
            if sold.occurrenceID != occurrenceID {
                return "\(admitted) and sold for occurrence \(sold.occurrenceID.text)"
            }
            guard sold.organizationID != organizationID else { return nil }
            return "\(admitted) of organisation \(organizationID.text) "
                + "and sold by organisation \(sold.organizationID.text)"
        }
    }

    @Sendable private static func strangers(_ scope: CheckScope) async throws -> [String] {
        try await scope.pages(of: .scanning, id: \.id) { client, last in
            try await AdmittedTicket.read(
                client.query(
                    """
                    SELECT id, organization_id, occurrence_id FROM tickets WHERE movements > 0 AND id > \(last)
                    ORDER BY id LIMIT \(CheckScope.pageSize)
                    """))
        } judge: { tickets in
            let sold = try await AdmittedTicket.read(
                scope.client(.ticketing).query(
                    """
                    SELECT id, organization_id, event_occurrence_id FROM tickets
                    WHERE confirmed_at IS NOT NULL AND id = ANY(\(tickets.map(\.id)))
                    """))
            let soldByID = Dictionary(uniqueKeysWithValues: sold.map { ($0.id, $0) })
            return tickets.compactMap { $0.problem(soldByID[$0.id]) }
        }
    }

    @Sendable private static func missedCheckIns(_ scope: CheckScope) async throws -> [String] {
        try await scope.pages(of: .scanning, id: \.self) { client, last in
            try await client.query(scope.admittedTickets(after: last)).decode(UUID.self)
        } judge: { tickets in
            try await scope.client(.ticketing).query(
                "SELECT id FROM tickets WHERE status = 'confirmed' AND id = ANY(\(tickets))"
            ).decode(UUID.self).map { "ticket \($0.text) was admitted and is still confirmed" }
        }
    }

    @Sendable private static func ticketsUnknownAtGates(_ scope: CheckScope) async throws -> [String] {
        try await scope.unmatched(
            in: .ticketing,
            { last in
                """
                SELECT id FROM tickets WHERE confirmed_at < \(scope.settledBefore) AND id > \(last)
                ORDER BY id LIMIT \(CheckScope.pageSize)
                """
            }, of: .scanning,
            { ids in "SELECT id FROM tickets WHERE order_id IS NOT NULL AND id = ANY(\(ids))" })
    }
}

extension CheckScope {
    /// A page of the tickets whose first admission every service has heard of.
    func admittedTickets(after last: UUID) -> PostgresQuery {
        // A scanner that was offline tells of admissions later: what counts is when they arrived.
        """
        SELECT movement.ticket_id
        FROM in_out_events AS movement
        JOIN scans AS scan ON scan.organization_id = movement.organization_id AND scan.id = movement.scan_id
        WHERE movement.sequence = 1 AND scan.received_at < \(settledBefore) AND movement.ticket_id > \(last)
        ORDER BY movement.ticket_id LIMIT \(Self.pageSize)
        """
    }
}
