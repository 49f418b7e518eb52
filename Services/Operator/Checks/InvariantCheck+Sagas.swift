import Contracts
import Foundation
import Messaging
import Postgres

extension InvariantCheck {
    /// Checkouts: they say what they are, none is forgotten, and what they say is what happened.
    static let sagas = [
        InvariantCheck(
            5, "a checkout's row and history say what its saga says", in: .coordinator,
            sql: """
                SELECT format('checkout %s is %s at version %s with %s lines to %s; its saga is %s at version %s with '
                              '%s lines', checkout.id, checkout.state, checkout.version, coalesce(history.lines, 0),
                              coalesce(newest.state, '-'), saga->>'state', saga->>'version', saga->>'historyLength')
                FROM checkouts AS checkout
                LEFT JOIN (
                    SELECT checkout_id, count(*) AS lines, max(sequence) AS newest FROM checkout_history
                    GROUP BY checkout_id
                ) AS history ON history.checkout_id = checkout.id
                LEFT JOIN checkout_history AS newest
                     ON newest.checkout_id = checkout.id AND newest.sequence = history.newest
                WHERE saga->>'state' IS DISTINCT FROM checkout.state
                   OR newest.state IS DISTINCT FROM checkout.state
                   OR (saga->>'version')::bigint IS DISTINCT FROM checkout.version
                   OR (saga->>'historyLength')::bigint IS DISTINCT FROM history.lines
                   OR (saga->>'orderID')::uuid IS DISTINCT FROM checkout.order_id
                   OR history.newest IS DISTINCT FROM history.lines
                """),
        InvariantCheck(
            8, "every checkout that waits has a timer", in: .coordinator,
            // Once an operator knows of an undecided charge, only its provider is waited for.
            sql: """
                SELECT format('checkout %s is %s since %s', checkout.id, checkout.state, checkout.updated_at)
                FROM checkouts AS checkout LEFT JOIN checkout_timers AS timer ON timer.checkout_id = checkout.id
                WHERE timer.checkout_id IS NULL
                  AND (checkout.state IN ('holding', 'awaiting_payment', 'confirming')
                       OR checkout.state = 'paying' AND saga->>'incident' IS NULL
                       OR jsonb_path_exists(
                           saga, '$.charges[*] ? (@.refund == "ordered" || @.refund == "pending")'))
                """),
        InvariantCheck(
            8, "no timer is overdue", in: .coordinator,
            sql: """
                SELECT format('%s %s: %s since %s', saga, saga_id, kind, due_at)
                FROM (
                    SELECT 'checkout' AS saga, checkout_id AS saga_id, kind, due_at FROM checkout_timers
                    UNION ALL
                    SELECT 'refund', refund_id, kind, due_at FROM refund_timers
                    UNION ALL
                    SELECT 'cancellation', occurrence_id, kind, due_at FROM cancellation_timers
                ) AS timer
                WHERE due_at < now() - interval '5 minutes'
                """),
        InvariantCheck(2, "ended checkouts and their orders agree", find: disagreements),
        InvariantCheck(2, "every order has its checkout", find: ordersWithoutCheckout),
        InvariantCheck(8, "no checkout waits for an answer that was given", find: forgottenCheckouts),
        InvariantCheck(
            2, "no money waits for its refund", severity: .warning, in: .coordinator,
            sql: """
                SELECT format('%s %s, since %s', saga, id, since)
                FROM (
                    SELECT 'checkout' AS saga, id,
                           (SELECT max(at) FROM checkout_history
                            WHERE checkout_id = checkout.id AND outcome = 'changed') AS since
                    FROM checkouts AS checkout
                    WHERE state = 'refunding'
                       OR jsonb_path_exists(
                           saga, '$.charges[*] ? (@.refund == "ordered" || @.refund == "pending")')
                    UNION ALL
                    SELECT 'refund', id, (saga->>'updatedAt')::timestamptz FROM refunds
                    WHERE state IN ('refunding', 'pending')
                ) AS waiting
                WHERE since < now() - interval '1 hour'
                """),
        InvariantCheck(
            8, "no saga heard what cannot be", severity: .warning, in: .coordinator,
            sql: """
                SELECT format('%s %s was %s when it heard %s at %s', saga, saga_id, state, message, at)
                FROM (
                    SELECT 'checkout' AS saga, checkout_id AS saga_id, state, message, at FROM checkout_history
                    WHERE outcome = 'unexpected'
                    UNION ALL
                    SELECT 'refund', refund_id, state, message, at FROM refund_history WHERE outcome = 'unexpected'
                    UNION ALL
                    SELECT 'cancellation', occurrence_id, state, message, at FROM cancellation_history
                    WHERE outcome = 'unexpected'
                ) AS heard
                ORDER BY at DESC
                """),
    ]

    private struct EndedCheckout: Sendable {
        let id: UUID
        let orderID: UUID
        let state: String
        /// Whether a release that the end caused has been heard.
        let isSettled: Bool

        func problem(_ orderStatus: String?) -> String? {
            let isSold = ["completed", "partially_refunded", "refunded"].contains(orderStatus)
            let isWrong =
                switch state {
                case "completed": !isSold
                // Money goes back, or has gone: there must be no tickets for it.
                case "refunding", "refunded": isSold
                default: isSold || (isSettled && orderStatus == "reserved")
                }
            return isWrong
                ? "checkout \(id.text) is \(state), order \(orderID.text) is \(orderStatus ?? "missing")" : nil
        }
    }

    @Sendable private static func disagreements(_ scope: CheckScope) async throws -> [String] {
        try await scope.pages(of: .coordinator, id: \.id) { client, last in
            try await client.query(
                """
                SELECT id, order_id, state, updated_at < \(scope.settledBefore) FROM checkouts
                WHERE state IN ('completed', 'sold_out', 'canceled', 'expired', 'refunding', 'refunded')
                AND id > \(last) ORDER BY id LIMIT \(CheckScope.pageSize)
                """
            ).decode((UUID, UUID, String, Bool).self).map {
                EndedCheckout(id: $0, orderID: $1, state: $2, isSettled: $3)
            }
        } judge: { checkouts in
            let orders = try await scope.client(.ticketing).query(
                "SELECT id, status FROM orders WHERE id = ANY(\(checkouts.map(\.orderID)))"
            ).decode((UUID, String).self)
            let statuses = Dictionary(uniqueKeysWithValues: orders.map { ($0, $1) })
            let suspects = checkouts.filter { $0.problem(statuses[$0.orderID]) != nil }
            guard !suspects.isEmpty else { return [] }
            // Late money may have gone on with an expired checkout since the page was read.
            let states = try await scope.client(.coordinator).query(
                "SELECT id, state FROM checkouts WHERE id = ANY(\(suspects.map(\.id)))"
            ).decode((UUID, String).self)
            let stateByID = Dictionary(uniqueKeysWithValues: states.map { ($0, $1) })
            return suspects.filter { stateByID[$0.id] == $0.state }.compactMap { $0.problem(statuses[$0.orderID]) }
        }
    }

    @Sendable private static func ordersWithoutCheckout(_ scope: CheckScope) async throws -> [String] {
        try await scope.pages(of: .ticketing, id: \.0) { client, last in
            try await client.query(
                """
                SELECT id, checkout_id, status FROM orders WHERE id > \(last) ORDER BY id LIMIT \(CheckScope.pageSize)
                """
            ).decode((UUID, UUID, String).self)
        } judge: { orders in
            let checkouts = try await scope.client(.coordinator).query(
                "SELECT id, order_id FROM checkouts WHERE id = ANY(\(orders.map(\.1)))"
            ).decode((UUID, UUID).self)
            let orderIDs = Dictionary(uniqueKeysWithValues: checkouts.map { ($0, $1) })
            return orders.compactMap { id, checkoutID, status in
                if orderIDs[checkoutID] == id { return nil }
                let other = orderIDs[checkoutID].map { "is for order \($0.text)" } ?? "does not exist"
                return "order \(id.text) is \(status), checkout \(checkoutID.text) \(other)"
            }
        }
    }

    private struct WaitingCheckout: Sendable {
        let id: UUID
        let orderID: UUID
        let chargeID: UUID?
        let state: String
        let since: Timestamp
    }

    /// So long a message may be tried again before it becomes a dead letter, and some more.
    static let retriesLast = Duration.seconds(15 * 60)

    @Sendable private static func forgottenCheckouts(_ scope: CheckScope) async throws -> [String] {
        let before = scope.settledBefore - retriesLast
        return try await scope.pages(of: .coordinator, id: \.id) { client, last in
            try await client.query(
                """
                SELECT id, order_id, charge_id, state, updated_at FROM checkouts
                WHERE state IN ('paying', 'confirming') AND updated_at < \(before) AND id > \(last)
                ORDER BY id LIMIT \(CheckScope.pageSize)
                """
            ).decode((UUID, UUID, UUID?, String, Timestamp).self).map {
                WaitingCheckout(id: $0, orderID: $1, chargeID: $2, state: $3, since: $4)
            }
        } judge: { waiting in
            // Only a charge can honestly take its time: a provider may not have decided yet.
            let undecided = Set(
                try await scope.client(.payments).query(
                    """
                    SELECT id FROM transactions WHERE id = ANY(\(waiting.compactMap(\.chargeID)))
                    AND (status IN ('initiated', 'pending') OR updated_at >= \(before))
                    """
                ).decode(UUID.self))
            return waiting.compactMap { checkout in
                if checkout.state == "paying", let id = checkout.chargeID, undecided.contains(id) { return nil }
                return "checkout \(checkout.id.text) is \(checkout.state) since \(checkout.since)"
            }
        }
    }
}

extension CheckScope {
    /// The checkouts among these that have not ended.
    func openCheckouts(among ids: [UUID]) async throws -> Set<UUID> {
        Set(
            try await client(.coordinator).query(
                """
                SELECT id FROM checkouts WHERE id = ANY(\(ids))
                AND state IN ('holding', 'awaiting_payment', 'paying', 'confirming', 'refunding')
                """
            ).decode(UUID.self))
    }
}
