import Contracts
import Foundation

@testable import Coordinator

/// One refund with everything that can be said to it.
struct RefundDialogue {
    static let start = Timestamp.example
    static let organizationID = OrganizationID(UUID())

    let refundID = RefundID(UUID())
    let orderID = OrderID(UUID())
    let checkoutID = CheckoutID(UUID())
    let occurrenceID = OccurrenceID(UUID())
    let chargeID = ChargeID(UUID())
    let ticketIDs = [TicketID(UUID()), TicketID(UUID())]
    var cause = RefundCause.requested

    let draft = RefundDraft(reason: "The artist is ill.")

    func begin() -> (saga: RefundSaga, reaction: RefundReaction) {
        RefundSaga.begin(
            refundID, of: orderID, draft: draft,
            quote: RefundQuote(
                checkoutID: checkoutID, occurrenceID: occurrenceID, amountCents: 6000, currency: .zar,
                ticketIDs: ticketIDs),
            cause: cause, organizationID: Self.organizationID, at: Self.start)
    }

    func saga(after events: RefundEvent...) -> RefundSaga {
        var saga = begin().saga
        for event in events { _ = saga.handle(event, at: Self.start) }
        return saga
    }

    func prepared(cents: Int = 5000) -> RefundEvent {
        var prepared = RefundPrepared.example
        prepared.refundID = refundID
        prepared.orderID = orderID
        prepared.checkoutID = checkoutID
        prepared.occurrenceID = occurrenceID
        prepared.chargeID = cents == 0 ? nil : chargeID
        prepared.amountCents = cents
        prepared.ticketIDs = ticketIDs
        return .prepared(prepared)
    }

    func refused(_ reason: RefundRefusal = .alreadyRefunded) -> RefundEvent {
        .refused(
            RefundRefused(
                refundID: refundID, orderID: orderID, occurrenceID: occurrenceID, reason: reason, detail: "No."))
    }

    func pending() -> RefundEvent {
        .moneyPending(
            RefundPending(refundID: refundID, chargeID: chargeID, checkoutID: checkoutID, orderID: orderID))
    }

    func returned() -> RefundEvent {
        .moneyReturned(
            RefundSucceeded(
                refundID: refundID, chargeID: chargeID, checkoutID: checkoutID, orderID: orderID, amountCents: 5000,
                currency: .zar, provider: "sandbox", providerReference: "sbx_re_1", refundedAt: Self.start))
    }

    func kept() -> RefundEvent {
        .moneyKept(
            RefundFailed(
                refundID: refundID, chargeID: chargeID, checkoutID: checkoutID, orderID: orderID,
                reason: .providerRefused, detail: "No."))
    }

    func orderRefunded() -> RefundEvent {
        var refunded = OrderRefunded.example
        refunded.refundID = refundID
        refunded.orderID = orderID
        return .orderRefunded(refunded)
    }

    func abandoned() -> RefundEvent {
        .abandoned(
            RefundAbandoned(
                refundID: refundID, orderID: orderID, occurrenceID: occurrenceID, ticketIDs: ticketIDs,
                orderVersion: 2, abandonedAt: Self.start))
    }

    var prepare: RefundCommand {
        .prepare(
            PrepareRefund(refundID: refundID, orderID: orderID, occurrenceID: occurrenceID, draft: draft, cause: cause))
    }

    var refund: RefundCommand {
        .refund(
            Refund(
                refundID: refundID, chargeID: chargeID, checkoutID: checkoutID, orderID: orderID, amountCents: 5000,
                currency: .zar, purpose: .order))
    }

    var complete: RefundCommand {
        .complete(CompleteRefund(refundID: refundID, orderID: orderID, occurrenceID: occurrenceID))
    }

    var abandon: RefundCommand {
        .abandon(AbandonRefund(refundID: refundID, orderID: orderID, occurrenceID: occurrenceID))
    }

    static func answerDue(_ wait: Duration = .seconds(60), from time: Timestamp = start) -> [SagaTimer] {
        [SagaTimer(kind: .answerDue, dueAt: time + wait)]
    }

    /// Everything that can be said.
    var allEvents: [RefundEvent] {
        [
            prepared(), prepared(cents: 0), refused(), pending(), returned(), kept(), orderRefunded(), abandoned(),
            .answerDue,
        ]
    }
}
