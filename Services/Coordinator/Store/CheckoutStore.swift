import Contracts
import Foundation
import Messaging
import Postgres

/// The table `checkouts`.
struct CheckoutStore {
    let transaction: PostgresTransaction

    /// Reads these checkouts and locks their rows, in the order of their ids so that two batches never deadlock. The
    /// ones that do not exist are left out.
    func lock(_ keys: Set<CheckoutKey>) throws -> [CheckoutKey: CheckoutSaga] {
        let ordered = Array(keys)
        return try sagas(
            in: transaction.query(
                """
                SELECT checkouts.saga
                FROM checkouts
                JOIN unnest(\(ordered.map(\.id)), \(ordered.map(\.organizationID))) AS wanted (id, organization_id)
                    USING (id, organization_id)
                ORDER BY checkouts.id
                FOR UPDATE OF checkouts
                """))
    }

    /// Reads these checkouts of one organisation. The ones that do not exist are left out.
    func find(_ ids: [CheckoutID], organizationID: OrganizationID) throws -> [CheckoutKey: CheckoutSaga] {
        try sagas(
            in: transaction.query(
                """
                SELECT saga FROM checkouts WHERE id = ANY(\(ids)) AND organization_id = \(organizationID)
                """))
    }

    /// Stores new checkouts.
    /// - Returns: those that are new; an id or an order that is taken is left out.
    func insert(_ sagas: [CheckoutSaga]) throws -> Set<CheckoutID> {
        let rows = try transaction.query(
            """
            INSERT INTO checkouts
                (id, organization_id, occurrence_id, order_id, state, saga, version, created_at, updated_at)
            SELECT id, organization_id, occurrence_id, order_id, state, saga, version, created_at, created_at
            FROM unnest(
                \(sagas.map(\.id)), \(sagas.map(\.organizationID)), \(sagas.map(\.occurrenceID)),
                \(sagas.map(\.orderID)), \(sagas.map(\.state.rawValue)), \(sagas.map { PostgresJSON($0) }),
                \(sagas.map(\.version)), \(sagas.map(\.createdAt)))
                AS new (id, organization_id, occurrence_id, order_id, state, saga, version, created_at)
            ORDER BY id
            ON CONFLICT DO NOTHING
            RETURNING id
            """)
        return Set(try rows.decode(CheckoutID.self))
    }

    /// Writes back checkouts that are locked.
    func update(_ sagas: [CheckoutSaga], at now: Timestamp) throws {
        guard !sagas.isEmpty else { return }
        try transaction.execute(
            """
            UPDATE checkouts
            SET state = changed.state, charge_id = changed.charge_id, saga = changed.saga,
                version = changed.version, updated_at = \(now)
            FROM unnest(
                \(sagas.map(\.id)), \(sagas.map(\.organizationID)), \(sagas.map(\.state.rawValue)),
                \(sagas.map { $0.currentCharge?.id }), \(sagas.map { PostgresJSON($0) }), \(sagas.map(\.version)))
                AS changed (id, organization_id, state, charge_id, saga, version)
            WHERE checkouts.id = changed.id AND checkouts.organization_id = changed.organization_id
            """)
    }

    private func sagas(in rows: PostgresRows) throws -> [CheckoutKey: CheckoutSaga] {
        let sagas = try rows.decode(PostgresJSON<CheckoutSaga>.self).map(\.value)
        return Dictionary(uniqueKeysWithValues: sagas.map { ($0.key, $0) })
    }
}

extension CheckoutSaga {
    var key: CheckoutKey { CheckoutKey(id: id, organizationID: organizationID) }
}
