import Contracts
import Foundation
import Messaging
import Postgres

/// What a cancellation looks at.
struct CancellationReader {
    let transaction: PostgresTransaction

    /// The checkouts of the occurrence that come after the saga's cursor.
    func page(of saga: CancellationSaga, limit: Int) throws -> CancellationPage {
        let rows = try transaction.query(
            """
            SELECT id, saga FROM checkouts
            WHERE occurrence_id = \(saga.occurrenceID) AND organization_id = \(saga.organizationID)
                AND id > coalesce(\(saga.cursor), '00000000-0000-0000-0000-000000000000'::uuid)
            ORDER BY id LIMIT \(limit)
            """)
        let checkouts = rows.compactMap { try? PostgresJSON<CheckoutSaga>($0[1]).value }
        let last = try rows.last.map { try CheckoutID($0[0]) }
        return CancellationPage(
            checkouts: checkouts, unreadableCount: rows.count - checkouts.count,
            next: rows.count == limit ? last : nil)
    }

    /// How far the refunds are: those of the cancellation, and those that somebody else had begun.
    func progress(of saga: CancellationSaga) throws -> CancellationProgress {
        let refunds = try transaction.query(
            """
            SELECT count(*) FILTER (WHERE state = 'completed' AND cause = 'occurrence_canceled'),
                count(*) FILTER (
                    WHERE state = 'failed' AND updated_at >= \(saga.canceledAt)
                        OR state = 'refused' AND cause = 'occurrence_canceled'
                            AND saga ->> 'failure' IS DISTINCT FROM \(RefundRefusal.alreadyRefunded.rawValue)),
                count(*) FILTER (WHERE state NOT IN ('completed', 'failed', 'refused')),
                coalesce(sum(amount_cents) FILTER (WHERE state = 'completed' AND cause = 'occurrence_canceled'), 0)::bigint,
                min(currency)
            FROM refunds
            WHERE occurrence_id = \(saga.occurrenceID) AND organization_id = \(saga.organizationID)
            """
        ).decodeOne((Int, Int, Int, Int, Currency?).self)
        let paying = try transaction.query(
            """
            SELECT count(*) FROM checkouts
            WHERE occurrence_id = \(saga.occurrenceID) AND organization_id = \(saga.organizationID)
                AND state IN ('paying', 'confirming')
            """
        ).decodeOne(Int.self)
        return CancellationProgress(
            refunded: refunds.0, failed: refunds.1, open: refunds.2, paying: paying, refundedCents: refunds.3,
            currency: refunds.4)
    }
}
