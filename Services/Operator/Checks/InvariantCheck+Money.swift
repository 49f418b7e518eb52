import Contracts
import Foundation
import Messaging
import Postgres

extension InvariantCheck {
    /// Invariants 2, 3 and 10: money and tickets find each other, with the sandbox's own book as the outside witness.
    static let money = [
        InvariantCheck(2, "every captured charge ends in tickets or in a refund", find: capturesWithoutEnd),
        InvariantCheck(3, "every completed order is covered by a captured charge", find: uncoveredOrders),
        InvariantCheck(2, "every capture in the sandbox's book is a captured charge", find: unknownCaptures),
        InvariantCheck(2, "every captured charge is in the sandbox's book", find: unpaidCharges),
        InvariantCheck(
            2, "the sandbox captured what it was asked to", in: .sandboxProvider,
            sql: """
                SELECT format('capture %s of %s %s: the charge is %s %s, %s', capture.idempotency_key,
                              capture.amount_cents, capture.currency, charge.amount_cents, charge.currency,
                                  coalesce(charge.outcome, 'open'))
                FROM captures AS capture JOIN charges AS charge USING (idempotency_key)
                WHERE capture.amount_cents IS DISTINCT FROM charge.amount_cents
                   OR capture.currency IS DISTINCT FROM charge.currency OR charge.outcome IS DISTINCT FROM 'captured'
                """),
        InvariantCheck(
            2, "the sandbox never refunded more than it captured", in: .sandboxProvider,
            sql: """
                SELECT format('capture %s: %s of %s', capture.idempotency_key, sum(refund.amount_cents),
                              capture.amount_cents)
                FROM captures AS capture JOIN refunds AS refund ON refund.capture_key = capture.idempotency_key
                GROUP BY capture.idempotency_key, capture.amount_cents
                HAVING sum(refund.amount_cents) > capture.amount_cents
                """),
        InvariantCheck(
            10, "somebody asks after every undecided charge", in: .payments,
            sql: """
                SELECT format('charge %s of %s %s is %s since %s', charge.id, charge.amount_cents, charge.currency,
                              charge.status, charge.updated_at)
                FROM transactions AS charge
                LEFT JOIN jobs AS job ON coalesce(job.payload->'charge'->>'chargeID', job.payload->>'chargeID')::uuid
                     = charge.id
                WHERE charge.status IN ('initiated', 'pending') AND job.id IS NULL
                """),
    ]

    private struct CapturedCharge: Sendable {
        let id: UUID
        let checkoutID: UUID
        let orderID: UUID
        let amountCents: Int
        let anomaly: String?
        let refundedCents: Int

        /// Why the money has found no end; nil when it has.
        func problem(_ order: PaidOrder?) -> String? {
            let money = "charge \(id.text) of \(amountCents) is captured"
            guard let order, order.isSold, order.chargeID == id else {
                guard refundedCents != amountCents else { return nil }
                let mark = anomaly.map { " (\($0))" } ?? ""
                return "\(money)\(mark), refunded are \(refundedCents), order \(orderID.text) is "
                    + (order.map { $0.isSold ? "paid by another charge" : $0.status } ?? "missing")
            }
            if anomaly == "denied_after_capture" {
                return "\(money) and was denied afterwards, order \(orderID.text) is \(order.status)"
            }
            if refundedCents > amountCents { return "\(money), refunded are \(refundedCents)" }
            if refundedCents > 0, order.status == "completed" {
                return "\(money), refunded are \(refundedCents), order \(orderID.text) is completed all the same"
            }
            return nil
        }
    }

    private struct PaidOrder: Sendable {
        let status: String
        let chargeID: UUID?

        var isSold: Bool { ["completed", "partially_refunded", "refunded"].contains(status) }
    }

    @Sendable private static func capturesWithoutEnd(_ scope: CheckScope) async throws -> [String] {
        try await scope.pages(of: .payments, id: \.id) { client, last in
            // A refund that has only just been posted may not have reached the order.
            try await client.query(
                """
                WITH page AS (
                    SELECT id, checkout_id, order_id, amount_cents, anomaly FROM transactions
                    WHERE status = 'succeeded' AND id > \(last) ORDER BY id LIMIT \(CheckScope.pageSize)
                )
                SELECT page.*, coalesce(sum(line.amount_cents) FILTER (WHERE line.amount_cents > 0), 0)::bigint
                FROM page
                LEFT JOIN journal_entries AS entry ON entry.charge_id = page.id AND entry.kind = 'refund'
                     AND entry.recorded_at < \(scope.settledBefore)
                LEFT JOIN journal_lines AS line ON line.entry_id = entry.id
                GROUP BY page.id, page.checkout_id, page.order_id, page.amount_cents, page.anomaly ORDER BY page.id
                """
            ).decode((UUID, UUID, UUID, Int, String?, Int).self).map {
                CapturedCharge(
                    id: $0, checkoutID: $1, orderID: $2, amountCents: $3, anomaly: $4, refundedCents: $5)
            }
        } judge: { charges in
            // The sagas first: one that has ended by now has found its order's end before.
            let open = try await scope.openCheckouts(among: charges.map(\.checkoutID))
            let settled = charges.filter { !open.contains($0.checkoutID) }
            let orders = try await scope.client(.ticketing).query(
                "SELECT id, status, charge_id FROM orders WHERE id = ANY(\(settled.map(\.orderID)))"
            ).decode((UUID, String, UUID?).self).map { ($0, PaidOrder(status: $1, chargeID: $2)) }
            let orderByID = Dictionary(uniqueKeysWithValues: orders)
            return settled.compactMap { $0.problem(orderByID[$0.orderID]) }
        }
    }

    private struct PricedOrder: Sendable {
        let id: UUID
        let chargeID: UUID?
        let price: Price
    }

    private struct Price: Sendable, Equatable, CustomStringConvertible {
        let cents: Int
        let currency: String?

        var description: String { "\(cents) \(currency ?? "-")" }
    }

    private struct Payment: Sendable {
        let orderID: UUID
        let status: String
        let price: Price
    }

    @Sendable private static func uncoveredOrders(_ scope: CheckScope) async throws -> [String] {
        try await scope.pages(of: .ticketing, id: \.id) { client, last in
            try await client.query(
                """
                SELECT id, charge_id, total_cents, currency FROM orders
                WHERE status IN ('completed', 'partially_refunded', 'refunded') AND total_cents > 0 AND id > \(last)
                ORDER BY id LIMIT \(CheckScope.pageSize)
                """
            ).decode((UUID, UUID?, Int, String?).self).map {
                PricedOrder(id: $0, chargeID: $1, price: Price(cents: $2, currency: $3))
            }
        } judge: { orders in
            let payments = try await scope.client(.payments).query(
                """
                SELECT id, order_id, status, amount_cents, currency FROM transactions
                WHERE id = ANY(\(orders.compactMap(\.chargeID)))
                """
            ).decode((UUID, UUID, String, Int, String).self).map {
                ($0, Payment(orderID: $1, status: $2, price: Price(cents: $3, currency: $4)))
            }
            let paymentByID = Dictionary(uniqueKeysWithValues: payments)
            return orders.compactMap { order in
                let sold = "order \(order.id.text) of \(order.price) is sold"
                guard let chargeID = order.chargeID, let payment = paymentByID[chargeID] else {
                    return "\(sold), charge \(order.chargeID?.text ?? "-") does not exist"
                }
                if payment.status == "succeeded", payment.orderID == order.id, payment.price == order.price {
                    return nil
                }
                return "\(sold), charge \(chargeID.text) of \(payment.price) for order \(payment.orderID.text) is "
                    + payment.status
            }
        }
    }

    @Sendable private static func unknownCaptures(_ scope: CheckScope) async throws -> [String] {
        try await scope.pages(of: .sandboxProvider, id: \.0) { client, last in
            // Payments hears of a capture by asking or by being told, both of which take their time.
            try await client.query(
                """
                SELECT idempotency_key, amount_cents, currency FROM captures
                WHERE captured_at < \(scope.settledBefore) AND idempotency_key > \(last)
                ORDER BY idempotency_key LIMIT \(CheckScope.pageSize)
                """
            ).decode((UUID, Int, String).self)
        } judge: { captures in
            let charges = try await scope.client(.payments).query(
                "SELECT id, status, amount_cents, currency FROM transactions WHERE id = ANY(\(captures.map(\.0)))"
            ).decode((UUID, String, Int, String).self)
            let chargeByID = Dictionary(
                uniqueKeysWithValues: charges.map { ($0, (status: $1, price: Price(cents: $2, currency: $3))) })
            return captures.compactMap { key, cents, currency in
                let captured = Price(cents: cents, currency: currency)
                guard let charge = chargeByID[key] else { return "capture \(key.text) of \(captured) has no charge" }
                // Payments is still asking, which another check sees to.
                let isHeard = ["initiated", "pending", "succeeded"].contains(charge.status)
                guard !isHeard || charge.price != captured else { return nil }
                return "capture \(key.text) of \(captured) is a charge of \(charge.price) that is \(charge.status)"
            }
        }
    }

    @Sendable private static func unpaidCharges(_ scope: CheckScope) async throws -> [String] {
        try await scope.pages(of: .payments, id: \.0) { client, last in
            try await client.query(
                """
                SELECT id, amount_cents FROM transactions
                WHERE status = 'succeeded' AND provider = 'sandbox' AND id > \(last)
                ORDER BY id LIMIT \(CheckScope.pageSize)
                """
            ).decode((UUID, Int).self)
        } judge: { charges in
            let captured = Set(
                try await scope.client(.sandboxProvider).query(
                    "SELECT idempotency_key FROM captures WHERE idempotency_key = ANY(\(charges.map(\.0)))"
                ).decode(UUID.self))
            return charges.compactMap { id, cents in
                captured.contains(id) ? nil : "charge \(id.text) of \(cents) was never captured"
            }
        }
    }
}
