import Contracts
import Foundation
import Messaging
import Postgres

extension InvariantCheck {
    /// Canceled occurrences sell nothing any more, and everything that was sold goes back.
    static let cancellations = [
        InvariantCheck(
            5, "a cancellation's row and history say what its saga says", in: .coordinator,
            sql: """
                SELECT format('cancellation %s is %s with %s lines to %s; its saga is %s with %s lines',
                              cancellation.id, cancellation.state, coalesce(history.lines, 0),
                              coalesce(newest.state, '-'), saga->>'state', saga->>'historyLength')
                FROM cancellations AS cancellation
                LEFT JOIN (
                    SELECT occurrence_id, count(*) AS lines, max(sequence) AS newest FROM cancellation_history
                    GROUP BY occurrence_id
                ) AS history ON history.occurrence_id = cancellation.id
                LEFT JOIN cancellation_history AS newest
                     ON newest.occurrence_id = cancellation.id AND newest.sequence = history.newest
                WHERE saga->>'state' IS DISTINCT FROM cancellation.state
                   OR newest.state IS DISTINCT FROM cancellation.state
                   OR (saga->>'historyLength')::bigint IS DISTINCT FROM history.lines
                   OR (saga->>'occurrenceID')::uuid IS DISTINCT FROM cancellation.id
                   OR history.newest IS DISTINCT FROM history.lines
                """),
        InvariantCheck(
            8, "every cancellation under way has a timer", in: .coordinator,
            sql: """
                SELECT format('cancellation %s is %s since %s', cancellation.id, cancellation.state,
                              cancellation.updated_at)
                FROM cancellations AS cancellation
                LEFT JOIN cancellation_timers AS timer ON timer.occurrence_id = cancellation.id
                WHERE cancellation.state = 'refunding' AND timer.occurrence_id IS NULL
                """),
        InvariantCheck(
            2, "a completed cancellation has refunded every order", in: .coordinator,
            sql: """
                SELECT format('cancellation %s, checkout %s: order %s has no completed refund', cancellation.id,
                              checkout.id, checkout.order_id)
                FROM cancellations AS cancellation JOIN checkouts AS checkout ON checkout.occurrence_id = cancellation.id
                WHERE cancellation.state = 'completed' AND checkout.state = 'completed'
                  AND NOT EXISTS (
                      SELECT FROM refunds WHERE refunds.order_id = checkout.order_id AND refunds.state = 'completed')
                """),
        InvariantCheck(
            1, "a canceled occurrence sells nothing any more", in: .ticketing,
            // Sales and cancellations come one after the other, but each has the time of its beginning.
            sql: """
                SELECT format('ticket %s is %s, reserved at %s, confirmed at %s; occurrence %s was canceled at %s',
                              ticket.id, ticket.status, ticket.reserved_at, coalesce(ticket.confirmed_at::text, '-'),
                              occurrence.id, occurrence.canceled_at)
                FROM event_occurrences AS occurrence JOIN tickets AS ticket
                     ON ticket.event_occurrence_id = occurrence.id
                WHERE occurrence.status = 'canceled'
                  AND greatest(ticket.reserved_at, ticket.confirmed_at)
                      > occurrence.canceled_at + interval '1 minute'
                """),
        InvariantCheck(8, "every canceled occurrence has its cancellation, and the other way round", find: unheard),
        InvariantCheck(2, "a completed cancellation has left no valid ticket", find: survivors),
    ]

    @Sendable private static func unheard(_ scope: CheckScope) async throws -> [String] {
        let forgotten = try await scope.unmatched(
            "occurrence", in: .ticketing,
            { last in
                """
                SELECT id FROM event_occurrences
                WHERE status = 'canceled' AND canceled_at < \(scope.settledBefore) AND id > \(last)
                ORDER BY id LIMIT \(CheckScope.pageSize)
                """
            }, of: .coordinator, { ids in "SELECT id FROM cancellations WHERE id = ANY(\(ids))" })
        let invented = try await scope.unmatched(
            "cancellation", in: .coordinator,
            { last in "SELECT id FROM cancellations WHERE id > \(last) ORDER BY id LIMIT \(CheckScope.pageSize)" },
            of: .ticketing,
            { ids in "SELECT id FROM event_occurrences WHERE status = 'canceled' AND id = ANY(\(ids))" })
        return forgotten.map { "\($0) is canceled without one" }
            + invented.map { "\($0) is for an occurrence that is not canceled" }
    }

    @Sendable private static func survivors(_ scope: CheckScope) async throws -> [String] {
        try await scope.pages(of: .coordinator, id: \.self) { client, last in
            // A hold that the cancellation gave up may not have been released yet.
            try await client.query(
                """
                SELECT id FROM cancellations
                WHERE state = 'completed' AND updated_at < \(scope.settledBefore) AND id > \(last)
                ORDER BY id LIMIT \(CheckScope.pageSize)
                """
            ).decode(UUID.self)
        } judge: { occurrences in
            try await scope.client(.ticketing).query(
                """
                SELECT id, status, event_occurrence_id FROM tickets
                WHERE event_occurrence_id = ANY(\(occurrences)) AND status IN ('reserved', 'confirmed', 'checked_in')
                ORDER BY id LIMIT \(limit)
                """
            ).decode((UUID, String, UUID).self).map { "ticket \($0.text) of occurrence \($2.text) is \($1)" }
        }
    }
}
