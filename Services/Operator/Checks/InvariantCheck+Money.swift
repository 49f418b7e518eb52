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
        /// Whether every service has heard of what last happened to it.
        let isSettled: Bool
        let goneBack: GoneBack

        /// Why the money has found no end; nil when it has.
        ///
        /// - Parameter isKnown: whether an operator was told that it cannot go back.
        func problem(_ order: PaidOrder?, isKnown: Bool) -> String? {
            let mark = anomaly.map { " (\($0))" } ?? ""
            let money = "charge \(id.text) of \(amountCents) is captured\(mark), refunded are \(goneBack.cents)"
            guard let order, order.isSold, order.chargeID == id else {
                // Money that bought nothing goes back in whole.
                let isGoingBack = goneBack.cents + goneBack.pendingCents == amountCents
                guard isSettled, !isGoingBack, !isKnown else { return nil }
                return "\(money), order \(orderID.text) is "
                    + (order.map { $0.isSold ? "paid by another charge" : $0.status } ?? "missing")
            }
            if anomaly == "denied_after_capture" {
                return "\(money) and was denied afterwards, order \(orderID.text) is \(order.status)"
            }
            // What has gone back of the charge has gone back of the order: never both the money and the tickets.
            let isMissing = order.refundedCents < goneBack.heardCents
            let isInvented = order.isSettled && order.refundedCents > goneBack.cents
            guard isMissing || isInvented else { return nil }
            return "\(money), of its order \(orderID.text), which is \(order.status), \(order.refundedCents)"
        }
    }

    /// What has gone back of a charge, in its minor units.
    private struct GoneBack: Sendable {
        let cents: Int
        /// What of it every service has heard of.
        let heardCents: Int
        /// What is on its way.
        let pendingCents: Int
    }

    private struct PaidOrder: Sendable {
        let status: String
        let chargeID: UUID?
        let refundedCents: Int
        /// Whether it has not changed lately.
        let isSettled: Bool

        var isSold: Bool { ["completed", "partially_refunded", "refunded"].contains(status) }
    }

    @Sendable private static func capturesWithoutEnd(_ scope: CheckScope) async throws -> [String] {
        try await scope.pages(of: .payments, id: \.id) { client, last in
            // A refund that has only just succeeded may not have reached the order.
            try await client.query(
                """
                WITH page AS (
                    SELECT id, checkout_id, order_id, amount_cents, anomaly, updated_at < \(scope.settledBefore)
                    FROM transactions
                    WHERE status = 'succeeded' AND id > \(last) ORDER BY id LIMIT \(CheckScope.pageSize)
                )
                SELECT page.*, coalesce(refund.cents, 0), coalesce(refund.heard, 0), coalesce(refund.pending, 0)
                FROM page
                LEFT JOIN LATERAL (
                    SELECT sum(amount_cents) FILTER (WHERE status = 'succeeded')::bigint AS cents,
                           sum(amount_cents) FILTER (
                               WHERE status = 'succeeded' AND updated_at < \(scope.settledBefore))::bigint AS heard,
                           sum(amount_cents) FILTER (WHERE status IN ('initiated', 'pending'))::bigint AS pending
                    FROM refunds WHERE charge_id = page.id
                ) AS refund ON true
                ORDER BY page.id
                """
            ).decode((UUID, UUID, UUID, Int, String?, Bool, Int, Int, Int).self).map {
                CapturedCharge(
                    id: $0, checkoutID: $1, orderID: $2, amountCents: $3, anomaly: $4, isSettled: $5,
                    goneBack: GoneBack(cents: $6, heardCents: $7, pendingCents: $8))
            }
        } judge: { charges in
            // The sagas first: one that has ended by now has found its order's end before.
            let open = try await scope.openCheckouts(among: charges.map(\.checkoutID))
            let settled = charges.filter { !open.contains($0.checkoutID) }
            let orders = try await scope.client(.ticketing).query(
                """
                SELECT id, status, charge_id, refunded_cents, updated_at < \(scope.settledBefore) FROM orders
                WHERE id = ANY(\(settled.map(\.orderID)))
                """
            ).decode((UUID, String, UUID?, Int, Bool).self).map {
                ($0, PaidOrder(status: $1, chargeID: $2, refundedCents: $3, isSettled: $4))
            }
            let orderByID = Dictionary(uniqueKeysWithValues: orders)
            let known = try await scope.sagasWithIncident(
                .checkout, "refund_failed", among: settled.map(\.checkoutID))
            return settled.compactMap {
                $0.problem(orderByID[$0.orderID], isKnown: known.contains($0.checkoutID))
            }
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
