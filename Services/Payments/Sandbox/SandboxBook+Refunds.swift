import Contracts
import Messaging
import Postgres

extension SandboxBook {
    /// Accepts a refund or finds what its key was answered before. A refund of more than is left of its capture is
    /// refused, and the key stays bound to that.
    /// - Returns: the entry, and whether the caller is told of it; nil when the key is bound to another charge, amount or
    ///   currency.
    func accept(
        _ refund: ProviderRefund, at moment: Moment
    ) async throws -> (entry: SandboxRefundEntry, isAnswered: Bool)? {
        try await database.withTransaction { transaction in
            // One refund of a charge after the other, so that together they never exceed it.
            let token = try transaction.query(
                "SELECT coalesce(token, '') FROM charges WHERE idempotency_key = \(refund.chargeID) FOR UPDATE"
            ).decodeFirst(String.self)
            let leftCents = try Self.leftCents(for: refund, in: transaction)
            let plan =
                refund.amountCents <= leftCents
                ? SandboxToken.refundPlan(for: token ?? "", at: moment.now)
                : SandboxRefundPlan(outcome: .refused, settlesAt: moment.now)
            guard let entry = try Self.enter(refund, plan: plan, in: transaction, at: moment) else { return nil }
            try Self.giveBack(refund.refundID, in: transaction, at: moment.now)
            if entry.outcome == .refunded, plan.notifications > 0 {
                try transaction.execute(
                    """
                    INSERT INTO refund_notifications (idempotency_key, due_at, deliveries)
                    VALUES (\(refund.refundID), \(entry.settlesAt), \(plan.notifications))
                    ON CONFLICT (idempotency_key) DO NOTHING
                    """)
            }
            return (entry, plan.isAnswered)
        }
    }

    /// Gives the money of a refund back when its time has come, and says what the book holds of it.
    /// - Returns: nil when the key was never used.
    func settle(_ refundID: RefundID, at now: Timestamp) async throws -> SandboxRefundEntry? {
        try await database.withTransaction { transaction in
            try Self.giveBack(refundID, in: transaction, at: now)
            return try transaction.query(
                "SELECT reference, outcome, settles_at FROM refund_orders WHERE idempotency_key = \(refundID)"
            ).first.map { try Self.refundEntry($0) }
        }
    }

    /// What of a refund's capture no other refund has taken; zero when nothing was captured in its currency.
    private static func leftCents(for refund: ProviderRefund, in transaction: PostgresTransaction) throws -> Int {
        try transaction.query(
            """
            SELECT amount_cents - coalesce((
                SELECT sum(amount_cents) FROM refund_orders
                WHERE charge_key = \(refund.chargeID) AND outcome = 'refunded'
                    AND idempotency_key <> \(refund.refundID)
            ), 0)::bigint
            FROM captures WHERE idempotency_key = \(refund.chargeID) AND currency = \(refund.currency)
            """
        ).decodeFirst(Int.self) ?? 0
    }

    private static func enter(
        _ refund: ProviderRefund, plan: SandboxRefundPlan, in transaction: PostgresTransaction, at moment: Moment
    ) throws -> SandboxRefundEntry? {
        let outcome: String? = plan.refusals == 0 ? plan.outcome.rawValue : nil
        let settlesAt: Timestamp? = plan.refusals == 0 ? plan.settlesAt : nil
        return try transaction.query(
            """
            INSERT INTO refund_orders AS known (
                idempotency_key, charge_key, amount_cents, currency, reference, calls, outcome, settles_at, created_at
            )
            VALUES (
                \(refund.refundID), \(refund.chargeID), \(refund.amountCents), \(refund.currency),
                \(makeReference("sbx_re_", at: moment)), 1, \(outcome as String?), \(settlesAt as Timestamp?),
                \(moment.now)
            )
            ON CONFLICT (idempotency_key) DO UPDATE
            SET calls = known.calls + 1,
                outcome = coalesce(
                    known.outcome, CASE WHEN known.calls >= \(plan.refusals) THEN \(plan.outcome.rawValue) END),
                settles_at = coalesce(
                    known.settles_at, CASE WHEN known.calls >= \(plan.refusals) THEN \(plan.settlesAt) END)
            WHERE known.charge_key = EXCLUDED.charge_key AND known.amount_cents = EXCLUDED.amount_cents
                AND known.currency = EXCLUDED.currency
            RETURNING reference, outcome, settles_at
            """
        ).first.map { try refundEntry($0) }
    }

    /// Writes the money of a refund whose time has come.
    private static func giveBack(_ refundID: RefundID, in transaction: PostgresTransaction, at now: Timestamp) throws {
        try transaction.execute(
            """
            INSERT INTO refunds (idempotency_key, capture_key, reference, amount_cents, currency, refunded_at)
            SELECT idempotency_key, charge_key, reference, amount_cents, currency, settles_at FROM refund_orders
            WHERE idempotency_key = \(refundID) AND outcome = 'refunded' AND settles_at <= \(now)
            ON CONFLICT (idempotency_key) DO NOTHING
            """)
    }

    private static func refundEntry(_ row: PostgresRow) throws -> SandboxRefundEntry {
        SandboxRefundEntry(
            reference: try row.decode("reference"),
            outcome: try row.decode("outcome", as: String?.self).map(refundOutcome),
            settlesAt: try row.decode("settles_at"))
    }

    static func refundOutcome(_ text: String) throws -> SandboxRefundOutcome {
        guard let outcome = SandboxRefundOutcome(rawValue: text) else {
            throw PaymentsError.unreadableValue(table: "refund_orders", column: "outcome")
        }
        return outcome
    }
}
