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
            6, "every admission and every exit is one movement, and every movement a scan", in: .scanning,
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
    }

    /// Tickets that went through a gate, and whether all services have heard of that.
    private static func admitted(
        _ scope: CheckScope, heardOf: Bool, judge: ([AdmittedTicket]) async throws -> [String]
    ) async throws -> [String] {
        let before: Timestamp? = heardOf ? scope.settledBefore : nil
        return try await scope.pages(of: .scanning, id: \.id) { client, last in
            try await client.query(
                """
                SELECT ticket.id, ticket.organization_id, ticket.occurrence_id
                FROM tickets AS ticket
                JOIN in_out_events AS movement ON movement.ticket_id = ticket.id AND movement.sequence = 1
                JOIN scans AS scan ON scan.organization_id = movement.organization_id AND scan.id = movement.scan_id
                WHERE ticket.id > \(last) AND (\(before)::timestamptz IS NULL OR scan.received_at < \(before))
                ORDER BY ticket.id LIMIT \(CheckScope.pageSize)
                """
            ).decode((UUID, UUID, UUID).self).map { AdmittedTicket(id: $0, organizationID: $1, occurrenceID: $2) }
        } judge: {
            try await judge($0)
        }
    }

    @Sendable private static func strangers(_ scope: CheckScope) async throws -> [String] {
        try await admitted(scope, heardOf: false) { tickets in
            let sold = try await scope.client(.ticketing).query(
                """
                SELECT id, organization_id, event_occurrence_id FROM tickets
                WHERE confirmed_at IS NOT NULL AND id = ANY(\(tickets.map(\.id)))
                """
            ).decode((UUID, UUID, UUID).self).map { ($0, AdmittedTicket(id: $0, organizationID: $1, occurrenceID: $2)) }
            let soldByID = Dictionary(uniqueKeysWithValues: sold)
            return tickets.compactMap { ticket in
                let admitted = "ticket \(ticket.id.text) was admitted at occurrence \(ticket.occurrenceID.text)"
                guard let sold = soldByID[ticket.id] else { return "\(admitted) and never sold" }
                if sold.occurrenceID != ticket.occurrenceID {
                    return "\(admitted) and sold for occurrence \(sold.occurrenceID.text)"
                }
                guard sold.organizationID != ticket.organizationID else { return nil }
                return "\(admitted) of organisation \(ticket.organizationID.text) "
                    + "and sold by organisation \(sold.organizationID.text)"
            }
        }
    }

    @Sendable private static func missedCheckIns(_ scope: CheckScope) async throws -> [String] {
        try await admitted(scope, heardOf: true) { tickets in
            try await scope.client(.ticketing).query(
                "SELECT id FROM tickets WHERE status = 'confirmed' AND id = ANY(\(tickets.map(\.id)))"
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
