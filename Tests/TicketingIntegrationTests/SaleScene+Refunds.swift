import Contracts
import Foundation
import Messaging
import Postgres
import TestSupport
import Testing

@testable import Ticketing

/// Refunds and cancellations in the scene.
extension SaleScene {
    /// Holds and pays one order of some tickets.
    func sellOrder(
        _ quantity: Int, price: Int = 2500, at now: Timestamp = now
    ) async throws -> OrderCompleted {
        let orderID = OrderID(UUID())
        try await hold([holdCommand(orderID, quantity: quantity)], at: now)
        let command = confirmCommand(orderID, paid: quantity * price, chargeID: price == 0 ? nil : .example)
        return try #require(try await confirm([command], at: now).messages(OrderCompleted.self).first)
    }

    func prepareCommand(
        _ orderID: OrderID, _ refundID: RefundID = RefundID(UUID()), tickets: [TicketID]? = nil, amount: Int? = nil,
        cause: RefundCause = .requested
    ) -> PrepareRefund {
        PrepareRefund(
            refundID: refundID, orderID: orderID, occurrenceID: occurrenceID,
            draft: RefundDraft(reason: "The artist is ill.", ticketIDs: tickets, amountCents: amount), cause: cause)
    }

    func completeCommand(_ command: PrepareRefund) -> CompleteRefund {
        CompleteRefund(refundID: command.refundID, orderID: command.orderID, occurrenceID: command.occurrenceID)
    }

    func abandonCommand(_ command: PrepareRefund) -> AbandonRefund {
        AbandonRefund(refundID: command.refundID, orderID: command.orderID, occurrenceID: command.occurrenceID)
    }

    @discardableResult
    func prepare(
        _ commands: [PrepareRefund], as organizationID: OrganizationID? = nil, at now: Timestamp = now
    ) async throws -> [Effects] {
        try await database.deliver(
            commands, to: PrepareRefundHandler(), organizationID: organizationID ?? self.organizationID, at: now)
    }

    @discardableResult
    func complete(
        _ commands: [CompleteRefund], as organizationID: OrganizationID? = nil, at now: Timestamp = now
    ) async throws -> [Effects] {
        try await database.deliver(
            commands, to: CompleteRefundHandler(), organizationID: organizationID ?? self.organizationID, at: now)
    }

    @discardableResult
    func abandon(
        _ commands: [AbandonRefund], as organizationID: OrganizationID? = nil, at now: Timestamp = now
    ) async throws -> [Effects] {
        try await database.deliver(
            commands, to: AbandonRefundHandler(), organizationID: organizationID ?? self.organizationID, at: now)
    }

    /// Prepares and completes a refund.
    @discardableResult
    func refund(_ command: PrepareRefund, at now: Timestamp = now) async throws -> OrderRefunded {
        try await prepare([command], at: now)
        let effects = try await complete([completeCommand(command)], at: now)
        return try #require(effects.messages(OrderRefunded.self).first)
    }

    func quote(
        _ orderID: OrderID, _ draft: RefundDraft = RefundDraft(reason: "The artist is ill."),
        as organizationID: OrganizationID? = nil, at now: Timestamp = now
    ) async throws -> Answer<RefundQuote> {
        try await ask(QuoteRefund(orderID: orderID, draft: draft), QuoteRefundHandler(), as: organizationID, at: now)
    }

    func cancel(
        _ occurrenceID: OccurrenceID? = nil, reason: String = "The artist is ill.",
        as organizationID: OrganizationID? = nil, at now: Timestamp = now
    ) async throws -> Answer<OccurrenceDetails> {
        try await ask(
            CancelOccurrence(occurrenceID: occurrenceID ?? self.occurrenceID, reason: reason),
            CancelOccurrenceHandler(), as: organizationID, at: now)
    }

    /// Changes the settings of the event.
    func set(_ settings: JSONValue) async throws {
        try await get(UpdateEvent(eventID: eventID, changes: ["settings": settings]), UpdateEventHandler())
    }

    func order(_ id: OrderID) async throws -> OrderDetails {
        try await get(GetOrder(orderID: id), GetOrderHandler())
    }

    /// Invariant 5: what orders and tickets say of refunds is what the refunds add up to.
    func expectRefundsToAddUp() async throws {
        let orders: Int = try await scalar(
            """
            SELECT count(*) FROM orders CROSS JOIN LATERAL (
                SELECT coalesce(sum(amount_cents) FILTER (WHERE status = 'pending'), 0) AS refunding,
                    coalesce(sum(amount_cents) FILTER (WHERE status = 'completed'), 0) AS refunded,
                    count(*) + count(ended_at) AS version
                FROM order_refunds WHERE order_id = orders.id
            ) AS counted
            WHERE orders.refunding_cents <> counted.refunding OR orders.refunded_cents <> counted.refunded
                OR orders.refund_version <> counted.version
            """)
        #expect(orders == 0)
        let refunds: Int = try await scalar(
            """
            SELECT count(*) FROM order_refunds AS refund CROSS JOIN LATERAL (
                SELECT coalesce(array_agg(id ORDER BY position), '{}') AS ids,
                    coalesce(sum(refund_amount_cents), 0) AS cents
                FROM tickets WHERE refund_id = refund.id
            ) AS taken
            WHERE refund.ticket_ids <> taken.ids AND refund.status <> 'abandoned'
                OR refund.status = 'completed' AND refund.takes_tickets AND refund.amount_cents <> taken.cents
            """)
        #expect(refunds == 0)
        try await expectPoolsToEqualTickets()
    }
}
