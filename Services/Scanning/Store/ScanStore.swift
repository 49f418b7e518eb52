import Contracts
import Foundation
import Messaging
import Postgres

/// The tables `scans` and `in_out_events`: facts, added and never changed.
struct ScanStore {
    let transaction: PostgresTransaction

    /// Asks for the answers that these scans have already been given.
    ///
    /// `LIMIT 1` has each id looked up by the whole key. A plan for `id = ANY(…)` that was made while the organisation had
    /// a few scans reads all that it has by now.
    static func answersQuery(_ ids: [ScanID], organizationID: OrganizationID) -> PostgresQuery {
        """
        SELECT scan.answer
        FROM unnest(\(ids)) AS wanted (id)
        CROSS JOIN LATERAL (
            SELECT answer FROM scans WHERE organization_id = \(organizationID) AND id = wanted.id LIMIT 1) AS scan
        """
    }

    static func answers(in rows: PostgresRows) throws -> [ScanID: ScanAnswer] {
        let answers = try rows.decode(PostgresJSON<ScanAnswer>.self).map(\.value)
        return Dictionary(uniqueKeysWithValues: answers.map { ($0.id, $0) })
    }

    /// Adds scans.
    ///
    /// The codes themselves are not kept, since whoever reads one can walk in with it; their hash tells two codes
    /// apart.
    /// - Returns: false when one of the ids was used meanwhile. Then some are added, and the caller has to undo it.
    func add(_ scans: [DecidedScan], organizationID: OrganizationID, at now: Timestamp) throws -> Bool {
        guard !scans.isEmpty else { return true }
        // In the order of ids, so that two batches that share some do not deadlock.
        let added = try transaction.execute(
            """
            INSERT INTO scans
                (organization_id, id, occurrence_id, ticket_id, direction, result, gate_id, scanned_at, received_at,
                code_hash, answer)
            SELECT \(organizationID), id, occurrence_id, ticket_id, direction, result, gate_id, scanned_at, \(now),
                sha256(convert_to(code, 'UTF8')), answer
            FROM unnest(
                \(scans.map(\.draft.id)), \(scans.map(\.draft.occurrenceID)), \(scans.map(\.ticketID)),
                \(scans.map(\.draft.direction.rawValue)), \(scans.map(\.answer.result.rawValue)),
                \(scans.map(\.draft.gateID)), \(scans.map(\.answer.scannedAt)), \(scans.map(\.draft.storableCode)),
                \(scans.map { PostgresRawJSON($0.encodedAnswer) }))
                AS new (id, occurrence_id, ticket_id, direction, result, gate_id, scanned_at, code, answer)
            ORDER BY id
            ON CONFLICT DO NOTHING
            """)
        guard added == scans.count else { return false }
        try addMovements(of: scans.filter { $0.movement != nil }, organizationID: organizationID)
        return true
    }

    private func addMovements(of scans: [DecidedScan], organizationID: OrganizationID) throws {
        guard !scans.isEmpty else { return }
        try transaction.write(
            """
            INSERT INTO in_out_events (organization_id, ticket_id, sequence, direction, scan_id, occurred_at)
            SELECT \(organizationID), ticket_id, sequence, direction, scan_id, occurred_at
            FROM unnest(
                \(scans.map(\.ticketID)), \(scans.map(\.movement)), \(scans.map(\.draft.direction.rawValue)),
                \(scans.map(\.draft.id)), \(scans.map(\.answer.scannedAt)))
                AS new (ticket_id, sequence, direction, scan_id, occurred_at)
            """)
    }
}

extension ScanDraft {
    /// The code without what a text column cannot hold: no genuine code has a NUL.
    fileprivate var storableCode: String {
        code.utf8.contains(0) ? code.replacingOccurrences(of: "\0", with: "\u{FFFD}") : code
    }
}
