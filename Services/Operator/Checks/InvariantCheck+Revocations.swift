import Contracts
import Foundation
import Messaging
import Postgres

extension InvariantCheck {
    /// Invariants 2 and 6 at the gates: a ticket that was taken back admits nobody, and every other one does.
    static let revocations = [
        InvariantCheck(6, "every ticket that was taken back is revoked at the gates", find: unrevoked),
        InvariantCheck(6, "every ticket that is revoked at the gates was taken back", find: revokedForNothing),
        InvariantCheck(6, "no ticket was admitted after it was taken back", find: lateAdmissions),
    ]

    private struct TakenTicket: Sendable {
        let id: UUID
        let refundID: UUID
        let preparedVersion: Int
    }

    @Sendable private static func unrevoked(_ scope: CheckScope) async throws -> [String] {
        try await scope.pages(of: .ticketing, id: \.id) { client, last in
            try await client.query(
                """
                SELECT ticket.id, refund.id, refund.prepared_version
                FROM tickets AS ticket JOIN order_refunds AS refund ON refund.id = ticket.refund_id
                WHERE refund.prepared_at < \(scope.settledBefore) AND ticket.id > \(last)
                ORDER BY ticket.id LIMIT \(CheckScope.pageSize)
                """
            ).decode((UUID, UUID, Int).self).map { TakenTicket(id: $0, refundID: $1, preparedVersion: $2) }
        } judge: { tickets in
            // A newer word than the one that took it back may have made it valid again meanwhile.
            let revoked = Set(
                try await scope.client(.scanning).query(
                    """
                    SELECT ticket.id
                    FROM tickets AS ticket
                    JOIN unnest(\(tickets.map(\.id)), \(tickets.map(\.preparedVersion))) AS taken (id, version)
                         ON taken.id = ticket.id
                    WHERE ticket.status = 'revoked' OR ticket.refund_version > taken.version
                    """
                ).decode(UUID.self))
            return tickets.filter { !revoked.contains($0.id) }.map {
                "ticket \($0.id.text), taken back by refund \($0.refundID.text), still admits"
            }
        }
    }

    @Sendable private static func revokedForNothing(_ scope: CheckScope) async throws -> [String] {
        try await scope.pages(of: .scanning, id: \.self) { client, last in
            try await client.query(
                """
                SELECT id FROM tickets WHERE status = 'revoked' AND id > \(last)
                ORDER BY id LIMIT \(CheckScope.pageSize)
                """
            ).decode(UUID.self)
        } judge: { tickets in
            // One that was given back only just now is not valid again at the gates yet.
            let taken = Set(
                try await scope.client(.ticketing).query(
                    """
                    SELECT id FROM tickets WHERE id = ANY(\(tickets))
                    AND (refund_id IS NOT NULL OR updated_at >= \(scope.settledBefore))
                    """
                ).decode(UUID.self))
            return tickets.filter { !taken.contains($0) }.map { "ticket \($0.text) is revoked and in no refund" }
        }
    }

    /// So long the gates may take to hear that a ticket was taken back, with a broker that is away meanwhile.
    private static let revocationTakes = Duration.seconds(600)

    @Sendable private static func lateAdmissions(_ scope: CheckScope) async throws -> [String] {
        try await scope.pages(of: .ticketing, id: \.0) { client, last in
            try await client.query(
                """
                SELECT ticket.id, refund.prepared_at
                FROM tickets AS ticket JOIN order_refunds AS refund ON refund.id = ticket.refund_id
                WHERE ticket.id > \(last) ORDER BY ticket.id LIMIT \(CheckScope.pageSize)
                """
            ).decode((UUID, Timestamp).self)
        } judge: { tickets in
            // What counts is when the gate's answer was decided, not when an offline scanner says that it scanned.
            try await scope.client(.scanning).query(
                """
                SELECT scan.id, scan.ticket_id, scan.received_at, taken.prepared_at
                FROM scans AS scan
                JOIN in_out_events AS movement
                     ON movement.organization_id = scan.organization_id AND movement.scan_id = scan.id
                JOIN unnest(\(tickets.map(\.0)), \(tickets.map { $0.1 + revocationTakes })) AS taken (id, prepared_at)
                     ON taken.id = movement.ticket_id
                WHERE scan.result = 'admitted' AND scan.received_at > taken.prepared_at
                """
            ).decode((UUID, UUID, Timestamp, Timestamp).self).map {
                "ticket \($1.text), scan \($0.text): admitted at \($2), taken back at \($3 - revocationTakes)"
            }
        }
    }
}
