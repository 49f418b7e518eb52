import Contracts
import Foundation

@testable import Coordinator

/// One checkout with everything that can be said to it. Its hold begins at ``start`` and lasts 15 minutes.
struct Dialogue {
    static let start = Timestamp.example
    static let holdEnd = start + .seconds(900)
    static let organizationID = OrganizationID(UUID())

    let checkoutID = CheckoutID(UUID())
    let orderID = OrderID(UUID())
    let occurrenceID = OccurrenceID(UUID())
    let ticketTypeID = TicketTypeID(UUID())
    let ticketIDs = [TicketID(UUID()), TicketID(UUID())]
    /// The charge of a payment that came with the draft.
    let draftChargeID = ChargeID(UUID())
    let chargeID = ChargeID(UUID())
    let otherChargeID = ChargeID(UUID())

    func startRequest(payment: PaymentInstrument? = nil) -> StartCheckout {
        StartCheckout(
            checkoutID: checkoutID, orderID: orderID,
            draft: CheckoutDraft(
                occurrenceID: occurrenceID, items: [OrderItem(ticketTypeID: ticketTypeID, quantity: 2)],
                buyer: .example, attendees: [.example], payment: payment))
    }

    func begin(payment: PaymentInstrument? = nil) -> (saga: CheckoutSaga, reaction: CheckoutReaction) {
        CheckoutSaga.begin(
            startRequest(payment: payment), organizationID: Self.organizationID, chargeID: draftChargeID,
            holdDuration: .seconds(900), at: Self.start)
    }

    /// A checkout that heard these events, each a second after the other.
    func saga(payment: PaymentInstrument? = nil, after events: CheckoutEvent...) -> CheckoutSaga {
        var saga = begin(payment: payment).saga
        for (index, event) in events.enumerated() {
            _ = saga.handle(event, at: Self.start + .seconds(index + 1))
        }
        return saga
    }

    func held(totalCents: Int = 5000) -> CheckoutEvent {
        let line = QuoteLine(
            ticketTypeID: ticketTypeID, name: "General Admission", quantity: 2, unitPriceCents: totalCents / 2,
            totalCents: totalCents)
        return .ticketsHeld(
            TicketsHeld(
                checkoutID: checkoutID, orderID: orderID, occurrenceID: occurrenceID,
                quote: Quote(lines: [line], totalCents: totalCents, currency: .zar),
                tickets: ticketIDs.map { HeldTicket(id: $0, ticketTypeID: ticketTypeID) }, expiresAt: Self.holdEnd))
    }

    func refused(_ reason: HoldRefusal) -> CheckoutEvent {
        .holdRefused(
            HoldRefused(
                checkoutID: checkoutID, orderID: orderID, occurrenceID: occurrenceID, reason: reason, detail: "No."))
    }

    func released(_ reason: ReleaseReason) -> CheckoutEvent {
        .holdReleased(
            HoldReleased(
                checkoutID: checkoutID, orderID: orderID, occurrenceID: occurrenceID, reason: reason,
                ticketIDs: ticketIDs))
    }

    func pay(_ id: ChargeID? = nil) -> CheckoutEvent {
        .paymentRequested(PayCheckout(checkoutID: checkoutID, chargeID: id ?? chargeID, instrument: .example))
    }

    func pending(_ id: ChargeID? = nil) -> CheckoutEvent {
        .chargePending(ChargePending(chargeID: id ?? chargeID, checkoutID: checkoutID, orderID: orderID))
    }

    func succeeded(_ id: ChargeID? = nil) -> CheckoutEvent {
        .chargeSucceeded(
            ChargeSucceeded(
                chargeID: id ?? chargeID, checkoutID: checkoutID, orderID: orderID, amountCents: 5000, currency: .zar,
                provider: "sandbox", providerReference: "sbx_1", capturedAt: Self.start))
    }

    func failed(_ id: ChargeID? = nil) -> CheckoutEvent {
        .chargeFailed(
            ChargeFailed(
                chargeID: id ?? chargeID, checkoutID: checkoutID, orderID: orderID, reason: .declined, detail: "No."))
    }

    func confirmRefused() -> CheckoutEvent {
        .confirmRefused(
            ConfirmRefused(
                checkoutID: checkoutID, orderID: orderID, occurrenceID: occurrenceID, reason: .holdReleased))
    }

    func completed() -> CheckoutEvent {
        var order = OrderCompleted.example
        order.checkoutID = checkoutID
        order.orderID = orderID
        order.tickets = ticketIDs.map { ticketID in
            var ticket = IssuedTicket.example
            ticket.id = ticketID
            ticket.ticketTypeID = ticketTypeID
            return ticket
        }
        return .orderCompleted(order)
    }

    func release(_ reason: ReleaseReason) -> CheckoutCommand {
        .release(
            ReleaseHold(checkoutID: checkoutID, orderID: orderID, occurrenceID: occurrenceID, reason: reason))
    }

    func charge(_ id: ChargeID? = nil) -> CheckoutCommand {
        .charge(
            Charge(
                chargeID: id ?? chargeID, checkoutID: checkoutID, orderID: orderID, amountCents: 5000, currency: .zar,
                instrument: .example, holdExpiresAt: Self.holdEnd))
    }

    func confirm(_ id: ChargeID?, cents: Int = 5000) -> CheckoutCommand {
        .confirm(
            ConfirmTickets(
                checkoutID: checkoutID, orderID: orderID, occurrenceID: occurrenceID, chargeID: id, paidCents: cents,
                currency: .zar))
    }

    /// The same, for money that came after the hold's end.
    func confirmAgain(_ id: ChargeID?, cents: Int = 5000) -> CheckoutCommand {
        .confirm(
            ConfirmTickets(
                checkoutID: checkoutID, orderID: orderID, occurrenceID: occurrenceID, chargeID: id, paidCents: cents,
                currency: .zar, takesAgain: true))
    }

    func refund(_ id: ChargeID? = nil, cents: Int = 5000) -> CheckoutCommand {
        .refund(
            Refund(
                refundID: RefundID((id ?? chargeID).rawValue), chargeID: id ?? chargeID, checkoutID: checkoutID,
                orderID: orderID, amountCents: cents, currency: .zar, purpose: .uselessCapture))
    }

    func refundPending(_ id: ChargeID? = nil) -> CheckoutEvent {
        .refundPending(
            RefundPending(
                refundID: RefundID((id ?? chargeID).rawValue), chargeID: id ?? chargeID, checkoutID: checkoutID,
                orderID: orderID))
    }

    func refundSucceeded(_ id: ChargeID? = nil) -> CheckoutEvent {
        .refundSucceeded(
            RefundSucceeded(
                refundID: RefundID((id ?? chargeID).rawValue), chargeID: id ?? chargeID, checkoutID: checkoutID,
                orderID: orderID, amountCents: 5000, currency: .zar, provider: "sandbox",
                providerReference: "sbx_re_1", refundedAt: Self.start))
    }

    func refundFailed(_ id: ChargeID? = nil) -> CheckoutEvent {
        .refundFailed(
            RefundFailed(
                refundID: RefundID((id ?? chargeID).rawValue), chargeID: id ?? chargeID, checkoutID: checkoutID,
                orderID: orderID, reason: .providerRefused, detail: "No."))
    }

    /// The first of the tickets was refunded by the organiser.
    func orderRefunded() -> CheckoutEvent {
        var refunded = OrderRefunded.example
        refunded.checkoutID = checkoutID
        refunded.orderID = orderID
        refunded.tickets = [
            RefundedTicket(id: ticketIDs[0], ticketTypeID: ticketTypeID, amountCents: 2500, wasCheckedIn: false)
        ]
        return .orderRefunded(refunded)
    }

    /// The wait for an answer, from a moment on.
    static func answerDue(_ wait: Duration = .seconds(60), from time: Timestamp = start) -> [SagaTimer] {
        [SagaTimer(kind: .answerDue, dueAt: time + wait)]
    }

    /// Everything that can be said, each kind of event at least once.
    var allEvents: [CheckoutEvent] {
        [
            held(), held(totalCents: 0), refused(.soldOut), refused(.salesClosed), released(.expired), .holdEnded,
            pay(), pay(otherChargeID), .cancelRequested, pending(), pending(otherChargeID), succeeded(),
            succeeded(otherChargeID), failed(), failed(otherChargeID), completed(), confirmRefused(),
            refundPending(), refundSucceeded(), refundSucceeded(otherChargeID), refundFailed(), orderRefunded(),
            .occurrenceCanceled, .answerDue,
        ]
    }
}
