import Contracts
import Messaging
import Postgres

/// The table `cancellations`.
extension CancellationSaga: StoredSaga {
    static var tables: SagaTables { .cancellations }

    var news: [any Contracts.Event] { [] }

    static func insertQuery(_ sagas: [CancellationSaga]) -> PostgresQuery {
        """
        INSERT INTO cancellations (id, organization_id, state, saga, created_at, updated_at)
        SELECT id, organization_id, state, saga, created_at, created_at
        FROM unnest(
            \(sagas.map(\.occurrenceID)), \(sagas.map(\.organizationID)), \(sagas.map(\.state.rawValue)),
            \(sagas.map { PostgresJSON($0) }), \(sagas.map(\.createdAt)))
            AS new (id, organization_id, state, saga, created_at)
        ORDER BY id
        ON CONFLICT DO NOTHING
        RETURNING id
        """
    }

    static func updateQuery(_ sagas: [CancellationSaga], at now: Timestamp) -> PostgresQuery {
        """
        UPDATE cancellations SET state = changed.state, saga = changed.saga, updated_at = \(now)
        FROM unnest(
            \(sagas.map(\.occurrenceID)), \(sagas.map(\.organizationID)), \(sagas.map(\.state.rawValue)),
            \(sagas.map { PostgresJSON($0) })) AS changed (id, organization_id, state, saga)
        WHERE cancellations.id = changed.id AND cancellations.organization_id = changed.organization_id
        """
    }
}
