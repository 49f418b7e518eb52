import Contracts
import Foundation
import Messaging
import Postgres

/// The table `occurrences`: what Ticketing says of the occurrences, as far as gates need it.
struct OccurrenceStore {
    let transaction: PostgresTransaction

    /// A newer state of an occurrence.
    struct Change {
        let organizationID: OrganizationID
        let occurrence: OccurrenceDetails
        let eventStatus: EventStatus
        let publicKey: Data
    }

    /// Asks for these occurrences.
    static func query(_ ids: [OccurrenceID], organizationID: OrganizationID) -> PostgresQuery {
        """
        SELECT id, public_key, code_tag, admission_opens_at, end_at, status = 'canceled' AS is_canceled
        FROM occurrences WHERE id = ANY(\(ids)) AND organization_id = \(organizationID)
        """
    }

    static func occurrences(in rows: PostgresRows) throws -> [OccurrenceID: GateOccurrence] {
        Dictionary(uniqueKeysWithValues: try decode(rows).map { ($0.id, $0) })
    }

    /// The occurrences that codes with these tags may belong to.
    func find(tagged tags: [Data], organizationID: OrganizationID) throws -> [GateOccurrence] {
        try Self.decode(
            transaction.query(
                """
                SELECT id, public_key, code_tag, admission_opens_at, end_at, status = 'canceled' AS is_canceled
                FROM occurrences WHERE code_tag = ANY(\(tags)) AND organization_id = \(organizationID)
                """))
    }

    /// Stores what is newer than what is known; the rest is dropped. No occurrence may be named twice.
    func apply(_ changes: [Change]) throws {
        guard !changes.isEmpty else { return }
        let occurrences = changes.map(\.occurrence)
        try transaction.write(
            """
            INSERT INTO occurrences
                (id, organization_id, start_at, end_at, admission_opens_at, status, event_status, public_key, version)
            SELECT * FROM unnest(
                \(occurrences.map(\.id)), \(changes.map(\.organizationID)), \(occurrences.map(\.startAt)),
                \(occurrences.map(\.endAt)), \(occurrences.map(\.admissionOpensAt)),
                \(occurrences.map(\.status.rawValue)), \(changes.map(\.eventStatus.rawValue)),
                \(changes.map(\.publicKey)), \(occurrences.map(\.version)))
                AS new (
                    id, organization_id, start_at, end_at, admission_opens_at, status, event_status, public_key,
                    version)
            ORDER BY id
            ON CONFLICT (id) DO UPDATE SET
                start_at = excluded.start_at, end_at = excluded.end_at,
                admission_opens_at = excluded.admission_opens_at, status = excluded.status,
                event_status = excluded.event_status, public_key = excluded.public_key, version = excluded.version
            WHERE occurrences.version < excluded.version
                AND occurrences.organization_id = excluded.organization_id
            """)
    }

    private static func decode(_ rows: PostgresRows) throws -> [GateOccurrence] {
        try rows.decode((OccurrenceID, Data, Data, Timestamp, Timestamp, Bool).self).map {
            id, publicKey, codeTag, opensAt, endsAt, isCanceled in
            GateOccurrence(
                id: id, publicKey: publicKey, codeTag: codeTag,
                window: AdmissionWindow(opensAt: opensAt, endsAt: endsAt, isCanceled: isCanceled))
        }
    }
}
