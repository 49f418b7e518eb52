import Contracts
import Foundation
import Messaging
import Postgres

@testable import Operator

/// What the services and the sandbox provider have written down by the end of a run, as far as the auditor compares it.
@SimulationActor
struct Books {
    struct Order {
        let totalCents: Int
        let refundedCents: Int
    }

    struct Capture {
        let taken: Int
        let givenBack: Int
    }

    let checkouts: [CheckoutID: CheckoutState]
    let orders: [OrderID: Order]
    let captures: [ChargeID: Capture]
    /// By the provider's book.
    let refunds: [RefundID: Int]
    /// The sagas whose money the provider does not give back: an operator has been called, and it stays so.
    let incidents: Set<UUID>
    /// What an operator has been called for although it should have mended itself by now.
    let lastingIncidents: [String]
    /// Refunds and cancellations that have not ended, and that nobody was called for.
    let openSagas: [(saga: String, state: String)]
    let canceledOccurrences: [OccurrenceID: OrganizationID]
    let gates: GateBook

    /// Whether the order has tickets that count, so that its buyer must have them. Those of free orders may have been
    /// refunded for nothing.
    func mustBeMailed(_ orderID: OrderID) -> Bool {
        orders[orderID].map { $0.totalCents > $0.refundedCents } ?? false
    }

    static func read(_ databases: SimulatedDatabases) async throws -> Books {
        let coordinator = try databases.client(of: .coordinator)
        let checkouts = try await coordinator.query("SELECT id, state FROM checkouts")
            .decode((CheckoutID, String).self)
        let raised = try await coordinator.query(
            "SELECT saga_id, kind, detail FROM incidents WHERE resolved_at IS NULL ORDER BY raised_at, id"
        ).decode((UUID, String, String).self)
        let hopeless = ["refund_failed", "cancellation_incomplete"]
        let incidents = Set(raised.filter { hopeless.contains($0.1) }.map(\.0))
        let open = try await coordinator.query(
            """
            SELECT 'refund', id, state FROM refunds WHERE state NOT IN ('completed', 'refused', 'failed')
            UNION ALL SELECT 'cancellation', id, state FROM cancellations WHERE state NOT IN ('completed', 'incomplete')
            ORDER BY 1, 2
            """
        ).decode((String, UUID, String).self)
        let orders = try await databases.client(of: .ticketing).query(
            "SELECT id, total_cents, refunded_cents FROM orders"
        ).decode((OrderID, Int, Int).self)
        let canceled = try await databases.client(of: .ticketing).query(
            "SELECT id, organization_id FROM event_occurrences WHERE status = 'canceled'"
        ).decode((OccurrenceID, OrganizationID).self)
        let book = try databases.client(.sandboxProvider)
        let captures = try await book.query(
            """
            SELECT idempotency_key, amount_cents, coalesce((
                SELECT sum(amount_cents) FROM refunds WHERE capture_key = captures.idempotency_key), 0)::bigint
            FROM captures
            """
        ).decode((ChargeID, Int, Int).self)
        let refunds = try await book.query("SELECT idempotency_key, amount_cents FROM refunds")
            .decode((RefundID, Int).self)
        return Books(
            checkouts: Dictionary(
                uniqueKeysWithValues: checkouts.compactMap { id, state in
                    CheckoutState(rawValue: state).map { (id, $0) }
                }),
            orders: Dictionary(
                uniqueKeysWithValues: orders.map { ($0, Order(totalCents: $1, refundedCents: $2)) }),
            captures: Dictionary(
                uniqueKeysWithValues: captures.map { ($0, Capture(taken: $1, givenBack: $2)) }),
            refunds: Dictionary(uniqueKeysWithValues: refunds.map { ($0, $1) }), incidents: incidents,
            lastingIncidents: raised.filter { !hopeless.contains($0.1) }.map { "\($0.1): \($0.2)" },
            openSagas: open.filter { !incidents.contains($0.1) }.map { (saga: "\($0) \($1.text)", state: $2) },
            canceledOccurrences: Dictionary(uniqueKeysWithValues: canceled.map { ($0, $1) }),
            gates: try await GateBook.read(databases))
    }
}
