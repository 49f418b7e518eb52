import Contracts
import Foundation
import Messaging
import Postgres

/// The rows of `transactions`.
struct ChargeStore {
    let transaction: PostgresTransaction

    private static let columns = """
        id, organization_id, checkout_id, order_id, correlation_id, amount_cents, currency, provider, token,
        hold_expires_at, status, provider_reference, failure_reason, failure_detail, anomaly, captured_at
        """

    /// Writes those charges that are not there yet.
    /// - Parameter commandIDs: the message that ordered each charge, for support.
    /// - Returns: the ids of the charges that were new.
    func insertMissing(_ charges: [ChargeRecord], commandIDs: [UUID], at now: Timestamp) throws -> Set<ChargeID> {
        guard !charges.isEmpty else { return [] }
        let rows = try transaction.query(
            """
            INSERT INTO transactions (
                id, organization_id, checkout_id, order_id, correlation_id, amount_cents, currency, provider, token,
                hold_expires_at, status, metadata, created_at, updated_at
            )
            SELECT
                id, organization_id, checkout_id, order_id, correlation_id, amount_cents, currency, provider, token,
                hold_expires_at, 'initiated', jsonb_build_object('command_id', command_id), \(now), \(now)
            FROM unnest(
                \(charges.map(\.id)), \(charges.map(\.organizationID)), \(charges.map(\.checkoutID)),
                \(charges.map(\.orderID)), \(charges.map(\.correlationID)), \(charges.map(\.amountCents)),
                \(charges.map(\.currency)), \(charges.map(\.provider)), \(charges.map(\.token)),
                \(charges.map(\.holdExpiresAt)), \(commandIDs)
            ) AS new (
                id, organization_id, checkout_id, order_id, correlation_id, amount_cents, currency, provider, token,
                hold_expires_at, command_id
            )
            ORDER BY id
            ON CONFLICT (id) DO NOTHING
            RETURNING id
            """)
        return Set(try rows.map { try $0.decode("id") })
    }

    /// The charges with these ids, as they are now.
    func find(_ ids: [ChargeID]) throws -> [ChargeID: ChargeRecord] {
        guard !ids.isEmpty else { return [:] }
        let rows = try transaction.query(
            "SELECT \(unescaped: Self.columns) FROM transactions WHERE id = ANY(\(ids))")
        return Dictionary(try rows.map { try charge($0) }.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// Locks the charges with these ids together with every other charge of their orders, and reads them all.
    func lockWithOrders(_ ids: [ChargeID]) throws -> [ChargeRecord] {
        guard !ids.isEmpty else { return [] }
        try transaction.write(
            """
            SELECT id FROM transactions
            WHERE order_id IN (SELECT order_id FROM transactions WHERE id = ANY(\(ids)))
            ORDER BY id
            FOR UPDATE
            """)
        // A second statement, because only its snapshot shows what was committed while the first one waited.
        let rows = try transaction.query(
            """
            SELECT \(unescaped: Self.columns) FROM transactions
            WHERE order_id IN (SELECT order_id FROM transactions WHERE id = ANY(\(ids)))
            ORDER BY id
            """)
        return try rows.map { try charge($0) }
    }

    /// Writes what settlements changed. The rows must be locked.
    /// - Throws: ``PaymentsError/concurrentChange(table:)`` when a row is no longer in its former status.
    func update(_ changes: [(before: ChargeRecord, after: ChargeRecord)], at now: Timestamp) throws {
        guard !changes.isEmpty else { return }
        let after = changes.map(\.after)
        let count = try transaction.execute(
            """
            UPDATE transactions
            SET status = change.status, token = change.token, provider_reference = change.provider_reference,
                failure_reason = change.failure_reason, failure_detail = change.failure_detail,
                anomaly = change.anomaly, captured_at = change.captured_at, updated_at = \(now)
            FROM unnest(
                \(after.map(\.id)), \(changes.map(\.before.status.rawValue)), \(after.map(\.status.rawValue)),
                \(after.map(\.token)), \(after.map(\.providerReference)), \(after.map(\.failureReason?.rawValue)),
                \(after.map(\.failureDetail)), \(after.map(\.anomaly?.rawValue)), \(after.map(\.capturedAt))
            ) AS change (
                id, former_status, status, token, provider_reference, failure_reason, failure_detail, anomaly,
                captured_at
            )
            WHERE transactions.id = change.id AND transactions.status = change.former_status
            """)
        guard count == changes.count else { throw PaymentsError.concurrentChange(table: "transactions") }
    }

    /// Reads a row of ``columns``, by position because names would be looked up for every row.
    private func charge(_ row: PostgresRow) throws -> ChargeRecord {
        ChargeRecord(
            id: try ChargeID(row[0]), organizationID: try OrganizationID(row[1]), checkoutID: try CheckoutID(row[2]),
            orderID: try OrderID(row[3]), correlationID: try UUID?(row[4]), amountCents: try Int(row[5]),
            currency: try Currency(row[6]), provider: try String(row[7]), token: try String?(row[8]),
            holdExpiresAt: try Timestamp(row[9]), status: try value(row[10]),
            providerReference: try String?(row[11]), failureReason: try optionalValue(row[12]),
            failureDetail: try String?(row[13]), anomaly: try optionalValue(row[14]),
            capturedAt: try Timestamp?(row[15]))
    }

    private func value<Value: RawRepresentable<String>>(_ cell: PostgresCell) throws -> Value {
        guard let value = Value(rawValue: try String(cell)) else {
            throw PaymentsError.unreadableValue(table: "transactions", column: cell.columnName)
        }
        return value
    }

    private func optionalValue<Value: RawRepresentable<String>>(_ cell: PostgresCell) throws -> Value? {
        cell.isNull ? nil : try value(cell)
    }
}
