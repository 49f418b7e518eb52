import Contracts
import Foundation
import Messaging
import Postgres

/// The sandbox's durable book, in its own database. Each change is one statement or one transaction, so that the key, its
/// answer and the money are written together or not at all.
struct SandboxBook: Sendable {
    let database: PostgresClient

    /// Accepts a charge or finds what its key was answered before.
    /// - Returns: nil when the key is bound to another amount, currency or token.
    func accept(_ charge: ProviderCharge, plan: SandboxPlan, at moment: Moment) async throws -> SandboxEntry? {
        let outcome: String? = plan.refusals == 0 ? plan.outcome.rawValue : nil
        let settlesAt: Timestamp? = plan.refusals == 0 ? plan.settlesAt : nil
        let rows = try await database.query(
            """
            WITH charge AS (
                INSERT INTO charges AS known (
                    idempotency_key, amount_cents, currency, token, reference, calls, outcome, settles_at, created_at
                )
                VALUES (
                    \(charge.chargeID), \(charge.amountCents), \(charge.currency), \(charge.token),
                    \(Self.makeReference("sbx_", at: moment)), 1, \(outcome as String?), \(settlesAt as Timestamp?),
                    \(moment.now)
                )
                ON CONFLICT (idempotency_key) DO UPDATE
                SET calls = known.calls + 1,
                    outcome = coalesce(
                        known.outcome,
                        CASE WHEN known.calls >= \(plan.refusals) THEN \(plan.outcome.rawValue) END),
                    settles_at = coalesce(
                        known.settles_at,
                        CASE WHEN known.calls >= \(plan.refusals) THEN \(plan.settlesAt) END)
                WHERE known.amount_cents IS NULL OR (
                    known.amount_cents = EXCLUDED.amount_cents AND known.currency = EXCLUDED.currency
                    AND known.token = EXCLUDED.token
                )
                RETURNING idempotency_key, amount_cents, currency, reference, outcome, settles_at
            ), capture AS (
                INSERT INTO captures (idempotency_key, reference, amount_cents, currency, captured_at)
                SELECT idempotency_key, reference, amount_cents, currency, settles_at FROM charge
                WHERE outcome = 'captured' AND settles_at <= \(moment.now)
                ON CONFLICT (idempotency_key) DO NOTHING
            ), notification AS (
                INSERT INTO notifications (idempotency_key, due_at, deliveries)
                SELECT idempotency_key, settles_at, \(plan.notifications) FROM charge
                WHERE outcome = 'captured' AND \(plan.notifications) > 0
                ON CONFLICT (idempotency_key) DO NOTHING
            )
            SELECT reference, outcome, settles_at FROM charge
            """)
        return try rows.first.map { try entry($0) }
    }

    /// Takes the money of a charge whose time has come, and says what the book holds of it.
    /// - Returns: nil when the key was never used.
    func settle(_ chargeID: ChargeID, at now: Timestamp) async throws -> SandboxEntry? {
        let rows = try await database.query(
            """
            WITH charge AS (
                SELECT idempotency_key, amount_cents, currency, reference, outcome, settles_at
                FROM charges WHERE idempotency_key = \(chargeID)
            ), capture AS (
                INSERT INTO captures (idempotency_key, reference, amount_cents, currency, captured_at)
                SELECT idempotency_key, reference, amount_cents, currency, settles_at FROM charge
                WHERE outcome = 'captured' AND settles_at <= \(now)
                ON CONFLICT (idempotency_key) DO NOTHING
            )
            SELECT reference, outcome, settles_at FROM charge
            """)
        return try rows.first.map { try entry($0) }
    }

    /// Binds a key to `canceled` unless a charge was accepted under it.
    func cancel(_ chargeID: ChargeID, at moment: Moment) async throws -> SandboxEntry {
        let rows = try await database.query(
            """
            INSERT INTO charges AS known (idempotency_key, reference, calls, outcome, settles_at, created_at)
            VALUES (\(chargeID), \(Self.makeReference("sbx_", at: moment)), 0, 'canceled', \(moment.now), \(moment.now))
            ON CONFLICT (idempotency_key) DO UPDATE
            SET outcome = coalesce(known.outcome, 'canceled'),
                settles_at = coalesce(known.settles_at, EXCLUDED.settles_at)
            RETURNING reference, outcome, settles_at
            """)
        guard let row = rows.first else { throw PaymentsError.concurrentChange(table: "charges") }
        return try entry(row)
    }

    static func makeReference(_ prefix: String, at moment: Moment) -> String {
        prefix + moment.makeUUID().lowercaseText.filter { $0 != "-" }
    }

    private func entry(_ row: PostgresRow) throws -> SandboxEntry {
        SandboxEntry(
            reference: try row.decode("reference"),
            outcome: try row.decode("outcome", as: String?.self).map(Self.outcome),
            settlesAt: try row.decode("settles_at"))
    }

    static func outcome(_ text: String) throws -> SandboxOutcome {
        guard let outcome = SandboxOutcome(rawValue: text) else {
            throw PaymentsError.unreadableValue(table: "charges", column: "outcome")
        }
        return outcome
    }
}
