import Contracts
import Messaging
import Postgres

/// The table `refunds`.
extension RefundSaga: StoredSaga {
    static var tables: SagaTables { .refunds }

    var news: [any Contracts.Event] { [] }

    static func insertQuery(_ sagas: [RefundSaga]) -> PostgresQuery {
        """
        INSERT INTO refunds (
            id, organization_id, order_id, checkout_id, occurrence_id, cause, state, amount_cents, currency, saga,
            version, created_at, updated_at)
        SELECT new.*, created_at
        FROM unnest(
            \(sagas.map(\.id)), \(sagas.map(\.organizationID)), \(sagas.map(\.orderID)), \(sagas.map(\.checkoutID)),
            \(sagas.map(\.occurrenceID)), \(sagas.map(\.cause.rawValue)), \(sagas.map(\.state.rawValue)),
            \(sagas.map(\.amountCents)), \(sagas.map(\.currency)), \(sagas.map { PostgresJSON($0) }),
            \(sagas.map(\.version)), \(sagas.map(\.createdAt)))
            AS new (
                id, organization_id, order_id, checkout_id, occurrence_id, cause, state, amount_cents, currency, saga,
                version, created_at)
        ORDER BY id
        ON CONFLICT DO NOTHING
        RETURNING id
        """
    }

    static func updateQuery(_ sagas: [RefundSaga], at now: Timestamp) -> PostgresQuery {
        """
        UPDATE refunds
        SET state = changed.state, amount_cents = changed.amount_cents, saga = changed.saga,
            version = changed.version, updated_at = \(now)
        FROM unnest(
            \(sagas.map(\.id)), \(sagas.map(\.organizationID)), \(sagas.map(\.state.rawValue)),
            \(sagas.map(\.amountCents)), \(sagas.map { PostgresJSON($0) }), \(sagas.map(\.version)))
            AS changed (id, organization_id, state, amount_cents, saga, version)
        WHERE refunds.id = changed.id AND refunds.organization_id = changed.organization_id
        """
    }
}
