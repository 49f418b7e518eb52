import Contracts
import Foundation
import Messaging
import Postgres

extension SandboxBook {
    /// Claims notifications whose time has come, and moves the money they speak of if that was not done yet.
    /// - Parameters:
    ///   - limit: how many to take at most of charges, and how many of refunds.
    ///   - lease: for how long nobody else tells them.
    func claimDueNotifications(limit: Int, lease: Duration, at now: Timestamp) async throws -> [ProviderNotification] {
        let charges = try await claimDueChargeNotifications(limit: limit, lease: lease, at: now)
        let refunds = try await claimDueRefundNotifications(limit: limit, lease: lease, at: now)
        return charges + refunds
    }

    private func claimDueChargeNotifications(
        limit: Int, lease: Duration, at now: Timestamp
    ) async throws -> [ProviderNotification] {
        let rows = try await database.query(
            """
            WITH due AS (
                SELECT idempotency_key FROM notifications
                WHERE delivered < deliveries AND due_at <= \(now)
                    AND (claimed_until IS NULL OR claimed_until <= \(now))
                ORDER BY due_at, idempotency_key
                LIMIT \(limit)
                FOR UPDATE SKIP LOCKED
            ), claimed AS (
                UPDATE notifications SET claimed_until = \(now + lease)
                FROM due WHERE notifications.idempotency_key = due.idempotency_key
                RETURNING notifications.idempotency_key
            ), charge AS (
                SELECT charges.* FROM charges JOIN claimed USING (idempotency_key)
            ), capture AS (
                INSERT INTO captures (idempotency_key, reference, amount_cents, currency, captured_at)
                SELECT idempotency_key, reference, amount_cents, currency, settles_at FROM charge
                WHERE outcome = 'captured' AND settles_at <= \(now)
                ON CONFLICT (idempotency_key) DO NOTHING
            )
            SELECT idempotency_key, reference, outcome, settles_at FROM charge ORDER BY settles_at, idempotency_key
            """)
        return try rows.map { row in
            let settledAt: Timestamp = try row.decode("settles_at")
            let outcome = try Self.outcome(try row.decode("outcome"))
            return ProviderNotification(
                provider: SandboxProvider.name, chargeID: try row.decode("idempotency_key"),
                verdict: outcome.verdict(reference: try row.decode("reference"), at: settledAt))
        }
    }

    private func claimDueRefundNotifications(
        limit: Int, lease: Duration, at now: Timestamp
    ) async throws -> [ProviderNotification] {
        let rows = try await database.query(
            """
            WITH due AS (
                SELECT idempotency_key FROM refund_notifications
                WHERE delivered < deliveries AND due_at <= \(now)
                    AND (claimed_until IS NULL OR claimed_until <= \(now))
                ORDER BY due_at, idempotency_key
                LIMIT \(limit)
                FOR UPDATE SKIP LOCKED
            ), claimed AS (
                UPDATE refund_notifications SET claimed_until = \(now + lease)
                FROM due WHERE refund_notifications.idempotency_key = due.idempotency_key
                RETURNING refund_notifications.idempotency_key
            ), refund AS (
                SELECT refund_orders.* FROM refund_orders JOIN claimed USING (idempotency_key)
            ), money AS (
                INSERT INTO refunds (idempotency_key, capture_key, reference, amount_cents, currency, refunded_at)
                SELECT idempotency_key, charge_key, reference, amount_cents, currency, settles_at FROM refund
                WHERE outcome = 'refunded' AND settles_at <= \(now)
                ON CONFLICT (idempotency_key) DO NOTHING
            )
            SELECT idempotency_key, reference, outcome, settles_at FROM refund ORDER BY settles_at, idempotency_key
            """)
        return try rows.map { row in
            let settledAt: Timestamp = try row.decode("settles_at")
            let outcome = try Self.refundOutcome(try row.decode("outcome"))
            return ProviderNotification(
                provider: SandboxProvider.name, refundID: try row.decode("idempotency_key"),
                verdict: outcome.verdict(reference: try row.decode("reference"), at: settledAt))
        }
    }

    /// Notes that the merchant took a notification once more.
    func recordDelivery(of notification: ProviderNotification) async throws {
        let (table, key) = Self.place(of: notification)
        _ = try await database.query(
            """
            UPDATE \(unescaped: table) SET delivered = delivered + 1, failures = 0, claimed_until = NULL
            WHERE idempotency_key = \(key) AND delivered < deliveries
            """)
    }

    /// Notes that the merchant did not take a notification: it is told again after 1, 2, 4 … seconds, at most an hour.
    func recordFailure(of notification: ProviderNotification, at now: Timestamp) async throws {
        let (table, key) = Self.place(of: notification)
        _ = try await database.query(
            """
            UPDATE \(unescaped: table)
            SET failures = failures + 1, claimed_until = NULL,
                due_at = \(now) + make_interval(secs => least(3600, 2 ^ least(failures, 12)))
            WHERE idempotency_key = \(key)
            """)
    }

    private static func place(of notification: ProviderNotification) -> (table: String, key: UUID) {
        switch notification.content {
        case .charge(let id, _): ("notifications", id.rawValue)
        case .refund(let id, _): ("refund_notifications", id.rawValue)
        }
    }
}
