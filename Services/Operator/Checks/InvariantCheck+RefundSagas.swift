import Contracts
import Foundation
import Messaging
import Postgres

extension InvariantCheck {
    /// Refunds as the Coordinator leads them: none is forgotten, and what they say is what happened elsewhere.
    static let refundSagas = [
        InvariantCheck(
            5, "a refund's row and history say what its saga says", in: .coordinator,
            sql: """
                SELECT format('refund %s is %s at version %s of %s with %s lines to %s; its saga is %s at version %s of '
                              '%s with %s lines', refund.id, refund.state, refund.version, refund.amount_cents,
                              coalesce(history.lines, 0), coalesce(newest.state, '-'), saga->>'state',
                              saga->>'version', saga->>'amountCents', saga->>'historyLength')
                FROM refunds AS refund
                LEFT JOIN (
                    SELECT refund_id, count(*) AS lines, max(sequence) AS newest FROM refund_history GROUP BY refund_id
                ) AS history ON history.refund_id = refund.id
                LEFT JOIN refund_history AS newest
                     ON newest.refund_id = refund.id AND newest.sequence = history.newest
                WHERE saga->>'state' IS DISTINCT FROM refund.state
                   OR newest.state IS DISTINCT FROM refund.state
                   OR (saga->>'version')::bigint IS DISTINCT FROM refund.version
                   OR (saga->>'amountCents')::bigint IS DISTINCT FROM refund.amount_cents
                   OR (saga->>'historyLength')::bigint IS DISTINCT FROM history.lines
                   OR (saga->>'orderID')::uuid IS DISTINCT FROM refund.order_id
                   OR history.newest IS DISTINCT FROM history.lines
                """),
        InvariantCheck(
            8, "every refund that waits has a timer", in: .coordinator,
            sql: """
                SELECT format('refund %s is %s since %s', refund.id, refund.state, refund.updated_at)
                FROM refunds AS refund LEFT JOIN refund_timers AS timer ON timer.refund_id = refund.id
                WHERE timer.refund_id IS NULL AND \(awaitsAnswer("refund"))
                """),
        InvariantCheck(2, "refunds, their orders and their money agree", find: refundDisagreements),
        InvariantCheck(2, "every refund of an order has its saga", find: refundsWithoutSaga),
        InvariantCheck(8, "no refund waits for an answer that was given", find: forgottenRefunds),
    ]

    /// Whether a row of `refunds` goes on: a failed one does until its tickets admit again.
    static func awaitsAnswer(_ refund: String) -> String {
        """
        (\(refund).state NOT IN ('completed', 'refused', 'failed')
            OR \(refund).state = 'failed' AND \(refund).saga->>'isAbandoned' IS DISTINCT FROM 'true')
        """
    }

    /// What Ticketing knows of a refund.
    private struct OrderRefund: Sendable {
        let organizationID: UUID
        let orderID: UUID
        let status: String
        let amountCents: Int
    }

    private struct EndedRefund: Sendable {
        let id: UUID
        let organizationID: UUID
        let orderID: UUID
        let state: String
        let amountCents: Int
        let isAbandoned: Bool

        /// - Parameter money: how the refund stands in Payments; nil when Payments was not asked for it.
        func problem(_ order: OrderRefund?, money: String?) -> String? {
            let isRight =
                switch state {
                case "completed":
                    order?.status == "completed" && order?.amountCents == amountCents
                        && money == (amountCents > 0 ? "succeeded" : nil)
                // It still asks Ticketing to let the tickets admit again.
                case "failed":
                    money == "failed" && (order?.status == "abandoned" || order?.status == "pending" && !isAbandoned)
                default: order == nil && money == nil
                }
            let isMixedUp = order.map { $0.organizationID != organizationID || $0.orderID != orderID } ?? false
            guard !isRight || isMixedUp else { return nil }
            let known =
                order.map {
                    "\($0.status) at \($0.amountCents) for order \($0.orderID.text) of organisation "
                        + $0.organizationID.text
                } ?? "unknown"
            return "refund \(id.text) of \(amountCents) for order \(orderID.text) of organisation "
                + "\(organizationID.text) is \(state), with its order it is \(known), its money is \(money ?? "unknown")"
        }
    }

    @Sendable private static func refundDisagreements(_ scope: CheckScope) async throws -> [String] {
        try await scope.pages(of: .coordinator, id: \.id) { client, last in
            // The Coordinator hears last, so that what has ended there has ended elsewhere.
            try await client.query(
                """
                SELECT id, organization_id, order_id, state, amount_cents,
                       coalesce(saga->>'isAbandoned' = 'true', false)
                FROM refunds WHERE state IN ('completed', 'failed', 'refused') AND id > \(last)
                ORDER BY id LIMIT \(CheckScope.pageSize)
                """
            ).decode((UUID, UUID, UUID, String, Int, Bool).self).map {
                EndedRefund(
                    id: $0, organizationID: $1, orderID: $2, state: $3, amountCents: $4, isAbandoned: $5)
            }
        } judge: { refunds in
            let ids = refunds.map(\.id)
            let orders = try await scope.client(.ticketing).query(
                "SELECT id, organization_id, order_id, status, amount_cents FROM order_refunds WHERE id = ANY(\(ids))"
            ).decode((UUID, UUID, UUID, String, Int).self).map {
                ($0, OrderRefund(organizationID: $1, orderID: $2, status: $3, amountCents: $4))
            }
            let orderByID = Dictionary(uniqueKeysWithValues: orders)
            let money = try await scope.client(.payments).query(
                "SELECT id, status FROM refunds WHERE id = ANY(\(ids))"
            ).decode((UUID, String).self)
            let moneyByID = Dictionary(uniqueKeysWithValues: money.map { ($0, $1) })
            return refunds.compactMap { $0.problem(orderByID[$0.id], money: moneyByID[$0.id]) }
        }
    }

    @Sendable private static func refundsWithoutSaga(_ scope: CheckScope) async throws -> [String] {
        try await scope.unmatched(
            "refund", in: .ticketing,
            { last in
                "SELECT id FROM order_refunds WHERE id > \(last) ORDER BY id LIMIT \(CheckScope.pageSize)"
            }, of: .coordinator, { ids in "SELECT id FROM refunds WHERE id = ANY(\(ids))" })
    }

    private struct WaitingRefund: Sendable {
        let id: UUID
        let state: String
        let since: Timestamp
    }

    @Sendable private static func forgottenRefunds(_ scope: CheckScope) async throws -> [String] {
        let before = scope.settledBefore - retriesLast
        return try await scope.pages(of: .coordinator, id: \.id) { client, last in
            // The saga's own time: the row's moves with every reminder.
            try await client.query(
                """
                SELECT id, state, (saga->>'updatedAt')::timestamptz AS since FROM refunds
                WHERE state IN ('requested', 'refunding', 'pending', 'completing')
                AND (saga->>'updatedAt')::timestamptz < \(before) AND id > \(last)
                ORDER BY id LIMIT \(CheckScope.pageSize)
                """
            ).decode((UUID, String, Timestamp).self).map { WaitingRefund(id: $0, state: $1, since: $2) }
        } judge: { waiting in
            // Only a provider can honestly take its time.
            let undecided = Set(
                try await scope.client(.payments).query(
                    """
                    SELECT id FROM refunds WHERE id = ANY(\(waiting.map(\.id)))
                    AND (status IN ('initiated', 'pending') OR updated_at >= \(before))
                    """
                ).decode(UUID.self))
            return waiting.compactMap { refund in
                if ["refunding", "pending"].contains(refund.state), undecided.contains(refund.id) { return nil }
                return "refund \(refund.id.text) is \(refund.state) since \(refund.since)"
            }
        }
    }
}
