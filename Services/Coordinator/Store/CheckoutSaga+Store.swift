import Contracts
import Messaging
import Postgres

/// The table `checkouts`.
extension CheckoutSaga: StoredSaga {
    static var tables: SagaTables { .checkouts }

    var news: [any Contracts.Event] {
        let progressed = CheckoutProgressed(checkout: details)
        return switch state {
        // Nobody waits for it yet: whoever began it is answered.
        case .holding: []
        case .awaitingPayment, .paying, .confirming, .completed, .refunding: [progressed]
        case .soldOut, .canceled, .expired, .refunded: [progressed, CheckoutEnded(checkout: details, buyer: buyer)]
        }
    }

    static func insertQuery(_ sagas: [CheckoutSaga]) -> PostgresQuery {
        """
        INSERT INTO checkouts (id, organization_id, occurrence_id, order_id, state, saga, version, created_at, updated_at)
        SELECT id, organization_id, occurrence_id, order_id, state, saga, version, created_at, created_at
        FROM unnest(
            \(sagas.map(\.id)), \(sagas.map(\.organizationID)), \(sagas.map(\.occurrenceID)),
            \(sagas.map(\.orderID)), \(sagas.map(\.state.rawValue)), \(sagas.map { PostgresJSON($0) }),
            \(sagas.map(\.version)), \(sagas.map(\.createdAt)))
            AS new (id, organization_id, occurrence_id, order_id, state, saga, version, created_at)
        ORDER BY id
        ON CONFLICT DO NOTHING
        RETURNING id
        """
    }

    static func updateQuery(_ sagas: [CheckoutSaga], at now: Timestamp) -> PostgresQuery {
        """
        UPDATE checkouts
        SET state = changed.state, charge_id = changed.charge_id, saga = changed.saga,
            version = changed.version, updated_at = \(now)
        FROM unnest(
            \(sagas.map(\.id)), \(sagas.map(\.organizationID)), \(sagas.map(\.state.rawValue)),
            \(sagas.map { $0.currentCharge?.id }), \(sagas.map { PostgresJSON($0) }), \(sagas.map(\.version)))
            AS changed (id, organization_id, state, charge_id, saga, version)
        WHERE checkouts.id = changed.id AND checkouts.organization_id = changed.organization_id
        """
    }
}
