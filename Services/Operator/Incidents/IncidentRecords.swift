import Contracts
import Foundation
import Messaging
import Postgres

/// The incidents in the Coordinator's database: the one table of which the operator's role may write something.
struct IncidentRecords: Sendable {
    let client: PostgresClient

    /// The open ones, the oldest first.
    func open(limit: Int) async throws -> [IncidentRecord] {
        try Self.decode(
            await client.query(
                """
                SELECT \(unescaped: Self.columns) FROM incidents
                WHERE resolved_at IS NULL ORDER BY raised_at, id LIMIT \(limit)
                """))
    }

    /// Open or not, the newest first.
    func all(limit: Int) async throws -> [IncidentRecord] {
        try Self.decode(
            await client.query(
                "SELECT \(unescaped: Self.columns) FROM incidents ORDER BY raised_at DESC, id LIMIT \(limit)"))
    }

    /// Those of one saga, the oldest first.
    func list(of saga: SagaRecord) async throws -> [IncidentRecord] {
        try Self.decode(
            await client.query(
                """
                SELECT \(unescaped: Self.columns) FROM incidents
                WHERE saga = \(saga.kind.rawValue) AND saga_id = \(saga.id) ORDER BY raised_at, id
                """))
    }

    /// How many are open, by their kind.
    func openKinds() async throws -> [(kind: String, count: Int)] {
        try await client.query(
            "SELECT kind, count(*) FROM incidents WHERE resolved_at IS NULL GROUP BY kind ORDER BY kind"
        ).decode((String, Int).self).map { (kind: $0, count: $1) }
    }

    /// Closes an open incident.
    ///
    /// - Parameter note: what was done about it.
    /// - Throws: ``OperatorError`` when there is no such incident, or when it is resolved already.
    func resolve(_ id: UUID, note: String, at now: Timestamp) async throws -> IncidentRecord {
        try await client.withTransaction { transaction in
            // The operator's role reads only, unless it says otherwise before it has read anything.
            try transaction.execute("SET TRANSACTION READ WRITE")
            let resolved = try Self.decode(
                transaction.query(
                    """
                    UPDATE incidents SET resolved_at = greatest(\(now), raised_at), resolution = \(note)
                    WHERE id = \(id) AND resolved_at IS NULL
                    RETURNING \(unescaped: Self.columns)
                    """)
            ).first
            if let resolved { return resolved }
            let known = try Self.decode(
                transaction.query("SELECT \(unescaped: Self.columns) FROM incidents WHERE id = \(id)")
            ).first
            guard let known else { throw OperatorError("there is no incident \(id.text)") }
            throw OperatorError("the incident is resolved already:\n\(known)")
        }
    }

    private static let columns =
        "id, organization_id, saga, saga_id, kind, detail, raised_at, resolved_at, resolution"

    private static func decode(_ rows: PostgresRows) throws -> [IncidentRecord] {
        try rows.decode((UUID, UUID, String, UUID, String, String, Timestamp, Timestamp?, String?).self).map {
            IncidentRecord(
                id: $0, organizationID: $1, saga: $2, sagaID: $3, kind: $4, detail: $5, raisedAt: $6, resolvedAt: $7,
                resolution: $8)
        }
    }
}
