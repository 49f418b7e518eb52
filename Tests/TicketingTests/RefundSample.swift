import Contracts
import Foundation

@testable import Ticketing

/// A completed order of three tickets, 25, 40 and 35 in hundreds of cents, and what refunds of it would be.
struct RefundSample {
    static let now = Timestamp.example
    static let prices = [2500, 4000, 3500]

    var order: RefundableOrder
    var terms = RefundTerms(
        startAt: now + .seconds(86_400), isCanceled: false, policy: RefundPolicy(isAllowed: true, cutoffHours: nil))

    var ids: [TicketID] { order.tickets.map(\.id) }

    init(prices: [Int] = prices) {
        order = RefundableOrder(
            id: OrderID(UUID()), organizationID: .example, checkoutID: .example, occurrenceID: .example,
            buyer: .example, chargeID: .example, totalCents: prices.reduce(0, +), currency: .zar, status: .completed,
            refundedCents: 0, refundingCents: 0, version: 0,
            tickets: prices.map { price in
                RefundableTicket(
                    id: TicketID(UUID()), ticketTypeID: .example, priceCents: price, wasCheckedIn: false,
                    status: .confirmed, refundID: nil, refundAmountCents: 0)
            })
    }

    static func draft(
        tickets: [TicketID]? = nil, amount: Int? = nil, reason: String = "Ill", overriding: Bool? = nil
    ) -> RefundDraft {
        RefundDraft(reason: reason, ticketIDs: tickets, amountCents: amount, overridesPolicy: overriding)
    }

    func plan(
        _ draft: RefundDraft, cause: RefundCause = .requested, now: Timestamp = now
    ) throws(RefundRejection) -> RefundPlan {
        try RefundPlan.make(for: draft, of: order, cause: cause, terms: terms, now: now)
    }

    /// Why no plan is made; nil when one is.
    func rejection(
        _ draft: RefundDraft, cause: RefundCause = .requested, now: Timestamp = now
    ) -> RefundRejection? {
        do throws(RefundRejection) {
            _ = try plan(draft, cause: cause, now: now)
            return nil
        } catch {
            return error
        }
    }

    /// Plans and prepares a refund.
    mutating func prepare(_ draft: RefundDraft) throws -> OrderRefund {
        let plan = try plan(draft)
        let command = PrepareRefund(
            refundID: RefundID(UUID()), orderID: order.id, occurrenceID: order.occurrenceID, draft: draft,
            cause: .requested)
        return order.prepare(command, plan, at: Self.now)
    }

    /// Plans, prepares and completes a refund.
    mutating func refund(_ draft: RefundDraft) throws -> OrderRefund {
        let prepared = try prepare(draft)
        return order.complete(prepared, at: Self.now)
    }
}
