import Contracts
import Foundation
import Messaging
import Postgres

extension InvariantCheck {
    /// Money that went back, as Payments and the sandbox's own book both know it.
    private struct Return: Sendable, Equatable {
        let refundID: UUID
        let chargeID: UUID
        let amountCents: Int
        let currency: String

        var text: String {
            "refund \(refundID.text) of \(amountCents) \(currency) from charge \(chargeID.text)"
        }

        static func read(_ rows: PostgresRows) throws -> [Return] {
            try rows.decode((UUID, UUID, Int, String).self).map {
                Return(refundID: $0, chargeID: $1, amountCents: $2, currency: $3)
            }
        }
    }

    @Sendable static func unknownReturns(_ scope: CheckScope) async throws -> [String] {
        try await scope.pages(of: .sandboxProvider, id: \.refundID) { client, last in
            // Payments hears of a refund by asking or by being told, both of which take their time.
            try await Return.read(
                client.query(
                    """
                    SELECT idempotency_key, capture_key, amount_cents, currency FROM refunds
                    WHERE refunded_at < \(scope.settledBefore) AND idempotency_key > \(last)
                    ORDER BY idempotency_key LIMIT \(CheckScope.pageSize)
                    """))
        } judge: { returns in
            let refunds = try await scope.client(.payments).query(
                """
                SELECT id, status, charge_id, amount_cents, currency FROM refunds
                WHERE id = ANY(\(returns.map(\.refundID)))
                """
            ).decode((UUID, String, UUID, Int, String).self).map {
                ($0, (status: $1, wanted: Return(refundID: $0, chargeID: $2, amountCents: $3, currency: $4)))
            }
            let refundByID = Dictionary(uniqueKeysWithValues: refunds)
            return returns.compactMap { made in
                guard let refund = refundByID[made.refundID] else { return "\(made.text) was never asked for" }
                // Payments is still asking, which another check sees to.
                let isHeard = ["initiated", "pending", "succeeded"].contains(refund.status)
                guard !isHeard || refund.wanted != made else { return nil }
                return "\(made.text) is a \(refund.wanted.text) that is \(refund.status)"
            }
        }
    }

    @Sendable static func unpaidRefunds(_ scope: CheckScope) async throws -> [String] {
        try await scope.pages(of: .payments, id: \.refundID) { client, last in
            try await Return.read(
                client.query(
                    """
                    SELECT id, charge_id, amount_cents, currency FROM refunds
                    WHERE status = 'succeeded' AND provider = 'sandbox' AND id > \(last)
                    ORDER BY id LIMIT \(CheckScope.pageSize)
                    """))
        } judge: { refunds in
            let made = try await Return.read(
                scope.client(.sandboxProvider).query(
                    """
                    SELECT idempotency_key, capture_key, amount_cents, currency FROM refunds
                    WHERE idempotency_key = ANY(\(refunds.map(\.refundID)))
                    """))
            let madeByID = Dictionary(uniqueKeysWithValues: made.map { ($0.refundID, $0) })
            return refunds.compactMap { refund in
                guard let made = madeByID[refund.refundID] else { return "\(refund.text) was never paid" }
                return made == refund ? nil : "\(refund.text): the book has \(made.text)"
            }
        }
    }
}
