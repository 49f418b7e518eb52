import Contracts
import Foundation
import Messaging
import Postgres

/// The rows of `refunds`, and what they make of the rows of `transactions`. Whoever writes holds the locks of the charges
/// first.
struct RefundStore {
    let transaction: PostgresTransaction

    private static let columns = """
        id, organization_id, charge_id, checkout_id, order_id, correlation_id, amount_cents, currency, purpose, provider,
        returned_fee_cents, status, provider_reference, failure_reason, failure_detail, anomaly, refunded_at
        """

    /// Locks charges, those of them that there are.
    func lockCharges(_ ids: [ChargeID]) throws {
        guard !ids.isEmpty else { return }
        try transaction.query("SELECT id FROM transactions WHERE id = ANY(\(ids)) ORDER BY id FOR UPDATE")
    }

    /// The captured charges among these, with what their refunds have made of them. They must be locked.
    func refundableCharges(_ ids: [ChargeID]) throws -> [ChargeID: RefundableCharge] {
        guard !ids.isEmpty else { return [:] }
        let rows = try transaction.query(
            """
            SELECT charge.id, charge.organization_id, charge.order_id, charge.amount_cents, charge.currency,
                charge.provider, charge.refunded_cents, charge.refunding_cents,
                coalesce(capture.fee_cents, 0) AS fee_cents,
                coalesce(given.amount_cents, 0) AS amount_returning_fee_cents,
                coalesce(given.fee_cents, 0) AS returned_fee_cents
            FROM transactions AS charge
            LEFT JOIN LATERAL (
                SELECT -sum(line.amount_cents)::bigint AS fee_cents
                FROM journal_entries AS entry
                JOIN journal_lines AS line ON line.entry_id = entry.id
                JOIN ledger_accounts AS account ON account.id = line.account_id
                WHERE entry.charge_id = charge.id AND entry.kind = 'charge_captured' AND account.kind = 'platform_fees'
            ) AS capture ON true
            LEFT JOIN LATERAL (
                SELECT sum(amount_cents)::bigint AS amount_cents, sum(returned_fee_cents)::bigint AS fee_cents
                FROM refunds
                WHERE charge_id = charge.id AND status <> 'failed' AND returned_fee_cents IS NOT NULL
            ) AS given ON true
            WHERE charge.id = ANY(\(ids)) AND charge.status = 'succeeded'
            """)
        let charges = try rows.map { row in
            RefundableCharge(
                id: try row.decode("id"), organizationID: try row.decode("organization_id"),
                orderID: try row.decode("order_id"), amountCents: try row.decode("amount_cents"),
                currency: try row.decode("currency"), provider: try row.decode("provider"),
                feeCents: try row.decode("fee_cents"), refundedCents: try row.decode("refunded_cents"),
                refundingCents: try row.decode("refunding_cents"),
                amountReturningFeeCents: try row.decode("amount_returning_fee_cents"),
                returnedFeeCents: try row.decode("returned_fee_cents"))
        }
        return Dictionary(charges.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// The refunds with these ids, as they are now.
    func find(_ ids: [RefundID]) throws -> [RefundID: RefundRecord] {
        guard !ids.isEmpty else { return [:] }
        let rows = try transaction.query("SELECT \(unescaped: Self.columns) FROM refunds WHERE id = ANY(\(ids))")
        return Dictionary(try rows.map { try refund($0) }.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// Locks the charges of these refunds, and reads the refunds: they only ever change under that lock.
    func lockWithCharges(_ ids: [RefundID]) throws -> [RefundID: RefundRecord] {
        guard !ids.isEmpty else { return [:] }
        try transaction.query(
            """
            SELECT id FROM transactions WHERE id IN (SELECT charge_id FROM refunds WHERE id = ANY(\(ids)))
            ORDER BY id
            FOR UPDATE
            """)
        // A second statement, because only its snapshot shows what was committed while the first one waited.
        return try find(ids)
    }

    /// Writes new refunds, and counts what they take of their charges.
    /// - Parameter new: each with the message that ordered it, for support.
    /// - Throws: ``PaymentsError/concurrentChange(table:)`` when one is there already.
    func insert(_ new: [(refund: RefundRecord, commandID: UUID)], at now: Timestamp) throws {
        guard !new.isEmpty else { return }
        let refunds = new.map(\.refund)
        let count = try transaction.execute(
            """
            INSERT INTO refunds (
                id, organization_id, charge_id, checkout_id, order_id, correlation_id, amount_cents, currency, purpose,
                provider, returned_fee_cents, status, failure_reason, failure_detail, metadata, created_at, updated_at
            )
            SELECT
                id, organization_id, charge_id, checkout_id, order_id, correlation_id, amount_cents, currency, purpose,
                provider, returned_fee_cents, status, failure_reason, failure_detail,
                jsonb_build_object('command_id', command_id), \(now), \(now)
            FROM unnest(
                \(refunds.map(\.id)), \(refunds.map(\.organizationID)), \(refunds.map(\.chargeID)),
                \(refunds.map(\.checkoutID)), \(refunds.map(\.orderID)), \(refunds.map(\.correlationID)),
                \(refunds.map(\.amountCents)), \(refunds.map(\.currency)), \(refunds.map(\.purpose.rawValue)),
                \(refunds.map(\.provider)), \(refunds.map(\.returnedFeeCents)), \(refunds.map(\.status.rawValue)),
                \(refunds.map(\.failureReason?.rawValue)), \(refunds.map(\.failureDetail)), \(new.map(\.commandID))
            ) AS new (
                id, organization_id, charge_id, checkout_id, order_id, correlation_id, amount_cents, currency, purpose,
                provider, returned_fee_cents, status, failure_reason, failure_detail, command_id
            )
            ORDER BY id
            ON CONFLICT (id) DO NOTHING
            """)
        guard count == new.count else { throw PaymentsError.concurrentChange(table: "refunds") }
        try move(refunds.map { ($0.chargeID, $0.refundingCents, $0.refundedCents) }, at: now)
    }

    /// Writes what settlements changed, and what it makes of their charges.
    /// - Throws: ``PaymentsError/concurrentChange(table:)`` when a row is no longer in its former status.
    func update(_ changes: [(before: RefundRecord, after: RefundRecord)], at now: Timestamp) throws {
        guard !changes.isEmpty else { return }
        let after = changes.map(\.after)
        let count = try transaction.execute(
            """
            UPDATE refunds
            SET status = change.status, provider_reference = change.provider_reference,
                failure_reason = change.failure_reason, failure_detail = change.failure_detail,
                anomaly = change.anomaly, refunded_at = change.refunded_at, updated_at = \(now)
            FROM unnest(
                \(after.map(\.id)), \(changes.map(\.before.status.rawValue)), \(after.map(\.status.rawValue)),
                \(after.map(\.providerReference)), \(after.map(\.failureReason?.rawValue)),
                \(after.map(\.failureDetail)), \(after.map(\.anomaly?.rawValue)), \(after.map(\.refundedAt))
            ) AS change (
                id, former_status, status, provider_reference, failure_reason, failure_detail, anomaly, refunded_at
            )
            WHERE refunds.id = change.id AND refunds.status = change.former_status
            """)
        guard count == changes.count else { throw PaymentsError.concurrentChange(table: "refunds") }
        try move(
            changes.map { before, after in
                (
                    after.chargeID, after.refundingCents - before.refundingCents,
                    after.refundedCents - before.refundedCents
                )
            }, at: now)
    }

    /// Moves what goes back and what went back of each refund's charge. Added to the row as it is by then, so that the
    /// database refuses more than a charge took even from code that forgot its lock.
    private func move(
        _ movements: [(chargeID: ChargeID, refundingCents: Int, refundedCents: Int)], at now: Timestamp
    ) throws {
        let movements = movements.filter { $0.refundingCents != 0 || $0.refundedCents != 0 }
        guard !movements.isEmpty else { return }
        try transaction.execute(
            """
            UPDATE transactions
            SET refunding_cents = transactions.refunding_cents + movement.refunding_cents,
                refunded_cents = transactions.refunded_cents + movement.refunded_cents, updated_at = \(now)
            FROM (
                SELECT charge_id, sum(refunding_cents)::bigint AS refunding_cents,
                    sum(refunded_cents)::bigint AS refunded_cents
                FROM unnest(
                    \(movements.map(\.chargeID)), \(movements.map(\.refundingCents)),
                    \(movements.map(\.refundedCents))
                ) AS part (charge_id, refunding_cents, refunded_cents)
                GROUP BY charge_id
            ) AS movement
            WHERE transactions.id = movement.charge_id
            """)
    }

    /// Reads a row of ``columns``, by position because names would be looked up for every row.
    private func refund(_ row: PostgresRow) throws -> RefundRecord {
        RefundRecord(
            id: try RefundID(row[0]), organizationID: try OrganizationID(row[1]), chargeID: try ChargeID(row[2]),
            checkoutID: try CheckoutID(row[3]), orderID: try OrderID(row[4]), correlationID: try UUID?(row[5]),
            amountCents: try Int(row[6]), currency: try Currency(row[7]), purpose: try value(row[8]),
            provider: try String?(row[9]), returnedFeeCents: try Int?(row[10]), status: try value(row[11]),
            providerReference: try String?(row[12]), failureReason: try optionalValue(row[13]),
            failureDetail: try String?(row[14]), anomaly: try optionalValue(row[15]),
            refundedAt: try Timestamp?(row[16]))
    }

    private func value<Value: RawRepresentable<String>>(_ cell: PostgresCell) throws -> Value {
        guard let value = Value(rawValue: try String(cell)) else {
            throw PaymentsError.unreadableValue(table: "refunds", column: cell.columnName)
        }
        return value
    }

    private func optionalValue<Value: RawRepresentable<String>>(_ cell: PostgresCell) throws -> Value? {
        cell.isNull ? nil : try value(cell)
    }
}
