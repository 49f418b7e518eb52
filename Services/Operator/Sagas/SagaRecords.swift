import Contracts
import Foundation
import Messaging
import Postgres

/// The sagas in the Coordinator's database.
struct SagaRecords: Sendable {
    let client: PostgresClient

    /// The newest sagas, of one kind or of every kind.
    func newest(_ kind: SagaKind?, state: String?, limit: Int) async throws -> [SagaRecord] {
        var records: [(record: SagaRecord, createdAt: Timestamp)] = []
        for kind in kind.map({ [$0] }) ?? SagaKind.allCases {
            let rows = try await client.query(
                """
                SELECT id, organization_id, state, updated_at, created_at FROM \(unescaped: kind.table)
                WHERE \(state)::text IS NULL OR state = \(state)
                ORDER BY \(unescaped: kind.newestFirst) LIMIT \(limit)
                """)
            records += try rows.decode((UUID, UUID, String, Timestamp, Timestamp).self).map {
                (SagaRecord(kind: kind, id: $0, organizationID: $1, state: $2, updatedAt: $3), $4)
            }
        }
        return records.sorted { $0.createdAt > $1.createdAt }.prefix(limit).map(\.record)
    }

    /// The sagas with this id. There may be several: the refund of a canceled order has the order's id, and a
    /// cancellation its occurrence's.
    func find(_ id: UUID) async throws -> [SagaRecord] {
        var found: [SagaRecord] = []
        for kind in SagaKind.allCases {
            found += try await client.query(
                "SELECT id, organization_id, state, updated_at FROM \(unescaped: kind.table) WHERE id = \(id)"
            ).decode((UUID, UUID, String, Timestamp).self).map {
                SagaRecord(kind: kind, id: $0, organizationID: $1, state: $2, updatedAt: $3)
            }
        }
        return found
    }

    /// A line for each transition, the oldest first.
    func history(of saga: SagaRecord) async throws -> [String] {
        try await client.query(
            """
            SELECT at, state, message, outcome, facts FROM \(unescaped: saga.kind.history)
            WHERE \(unescaped: saga.kind.reference) = \(saga.id) ORDER BY sequence
            """
        ).decode((Timestamp, String, String, String, PostgresRawJSON).self).map { at, state, message, outcome, facts in
            let note = outcome == "changed" ? "" : " (\(outcome))"
            return "\(at)  \(state)\(note)  \(message)  \(String(decoding: facts.bytes, as: UTF8.self))"
        }
    }
}

extension SagaKind {
    /// Ids of checkouts follow time, and are indexed; those of the others name what they undo.
    fileprivate var newestFirst: String {
        switch self {
        case .checkout: "id DESC"
        case .refund, .cancellation: "created_at DESC, id"
        }
    }
}
