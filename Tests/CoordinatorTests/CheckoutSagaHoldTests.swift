import Contracts
import Foundation
import Testing

@testable import Coordinator

@Suite("A checkout's hold")
struct CheckoutSagaHoldTests {
    let dialogue = Dialogue()

    @Test("Starting asks for the tickets and times the hold's end")
    func start() {
        let (saga, reaction) = dialogue.begin()
        #expect(saga.state == .holding)
        #expect(saga.version == 1)
        #expect(reaction.outcome == .changed)
        #expect(reaction.timers == [SagaTimer(kind: .holdEnd, dueAt: Dialogue.holdEnd)])
        let hold = HoldTickets(
            checkoutID: dialogue.checkoutID, orderID: dialogue.orderID, occurrenceID: dialogue.occurrenceID,
            items: [OrderItem(ticketTypeID: dialogue.ticketTypeID, quantity: 2)], buyer: .example,
            attendees: [.example], expiresAt: Dialogue.holdEnd)
        #expect(reaction.commands == [.hold(hold)])
    }

    @Test("Held tickets without a payment wait for one, once")
    func heldWithoutPayment() {
        var saga = dialogue.saga()
        #expect(saga.handle(dialogue.held(), at: Dialogue.start) == .changed())
        #expect(saga.state == .awaitingPayment)
        #expect(saga.details.tickets.map(\.status) == [.reserved, .reserved])
        #expect(saga.details.orderID == dialogue.orderID)
        let before = saga
        #expect(saga.handle(dialogue.held(), at: Dialogue.start) == .duplicate)
        #expect(saga == before)
    }

    @Test("Held tickets with a payment are charged for at once, and the token is forgotten")
    func heldWithPayment() {
        var saga = dialogue.saga(payment: .example)
        let reaction = saga.handle(dialogue.held(), at: Dialogue.start)
        #expect(reaction == .changed(dialogue.charge(dialogue.draftChargeID)))
        #expect(saga.state == .paying)
        #expect(saga.pendingPayment == nil)
        #expect(saga.handle(dialogue.held(), at: Dialogue.start) == .duplicate)
    }

    @Test("Tickets that cost nothing are confirmed without a charge", arguments: [nil, PaymentInstrument.example])
    func heldForFree(payment: PaymentInstrument?) {
        var saga = dialogue.saga(payment: payment)
        let reaction = saga.handle(dialogue.held(totalCents: 0), at: Dialogue.start)
        #expect(reaction == .changed(dialogue.confirm(nil, cents: 0)))
        #expect(saga.state == .confirming)
        #expect(saga.details.payment == nil)
    }

    @Test("A refused hold ends the checkout with its reason, and a repeated refusal changes nothing")
    func refusals() {
        for reason in HoldRefusal.allCases {
            var saga = dialogue.saga()
            #expect(saga.handle(dialogue.refused(reason), at: Dialogue.start) == .changed())
            #expect(saga.state == (reason == .soldOut ? .soldOut : .canceled))
            #expect(saga.details.reason == reason.rawValue)
            #expect(saga.handle(dialogue.refused(reason), at: Dialogue.start) == .duplicate)
        }
    }

    @Test("A refusal after the tickets were held cannot happen and ends nothing")
    func refusedAfterHeld() {
        var saga = dialogue.saga(after: dialogue.held())
        #expect(saga.handle(dialogue.refused(.soldOut), at: Dialogue.start) == .unexpected)
        #expect(saga.state == .awaitingPayment)
    }

    @Test("Tickets held after the checkout was canceled are given back, once")
    func heldAfterCancel() {
        var saga = dialogue.saga(after: .cancelRequested)
        #expect(saga.handle(dialogue.held(), at: Dialogue.start) == .noted(dialogue.release(.canceled)))
        #expect(saga.state == .canceled)
        #expect(saga.handle(dialogue.held(), at: Dialogue.start) == .duplicate)
    }

    @Test("Tickets held after the hold's end are given back, whether or not the timer came first")
    func heldAfterEnd() {
        var timedOut = dialogue.saga(after: .holdEnded)
        #expect(timedOut.state == .expired)
        #expect(timedOut.handle(dialogue.held(), at: Dialogue.holdEnd) == .noted(dialogue.release(.expired)))

        var early = dialogue.saga(payment: .example)
        #expect(early.handle(dialogue.held(), at: Dialogue.holdEnd) == .changed(dialogue.release(.expired)))
        #expect(early.state == .expired)
        #expect(early.handle(.holdEnded, at: Dialogue.holdEnd) == .duplicate)
    }

    @Test("Tickets held after a refusal are given back")
    func heldAfterRefusal() {
        var saga = dialogue.saga(after: dialogue.refused(.soldOut))
        #expect(saga.handle(dialogue.held(), at: Dialogue.start) == .noted(dialogue.release(.canceled)))
        #expect(saga.state == .soldOut)
    }

    @Test("The hold's end without a payment expires the checkout and gives the places back, once")
    func expiry() {
        var saga = dialogue.saga(after: dialogue.held())
        #expect(saga.handle(.holdEnded, at: Dialogue.holdEnd) == .changed(dialogue.release(.expired)))
        #expect(saga.state == .expired)
        #expect(saga.details.tickets.map(\.status) == [.expired, .expired])
        #expect(saga.handle(.holdEnded, at: Dialogue.holdEnd) == .duplicate)
    }

    @Test("The release of an ended checkout's places is noted once and seen by no reader")
    func release() {
        var saga = dialogue.saga(after: dialogue.held(), .holdEnded)
        let version = saga.version
        #expect(saga.handle(dialogue.released(.expired), at: Dialogue.holdEnd) == .noted())
        #expect(saga.version == version)
        #expect(saga.handle(dialogue.released(.expired), at: Dialogue.holdEnd) == .duplicate)
    }

    @Test("A release that nobody asked for is unexpected")
    func releaseUnasked() {
        var saga = dialogue.saga(after: dialogue.held())
        #expect(saga.handle(dialogue.released(.expired), at: Dialogue.start) == .unexpected)
        #expect(saga.state == .awaitingPayment)
    }

    @Test("Canceling while holding or awaiting payment gives the places back, and canceling again changes nothing")
    func cancel() {
        for var saga in [dialogue.saga(), dialogue.saga(after: dialogue.held())] {
            #expect(saga.handle(.cancelRequested, at: Dialogue.start) == .changed(dialogue.release(.canceled)))
            #expect(saga.state == .canceled)
            #expect(saga.details.tickets.allSatisfy { $0.status == .canceled })
            #expect(saga.handle(.cancelRequested, at: Dialogue.start) == .duplicate)
        }
    }

    @Test("Canceling is refused once money is under way")
    func cancelTooLate() {
        for var saga in [
            dialogue.saga(after: dialogue.held(), dialogue.pay()),
            dialogue.saga(after: dialogue.held(), dialogue.pay(), dialogue.succeeded()),
            dialogue.saga(after: dialogue.held(), dialogue.pay(), dialogue.succeeded(), dialogue.completed()),
        ] {
            let before = saga
            guard case .refused(let problem) = saga.handle(.cancelRequested, at: Dialogue.start).outcome else {
                Issue.record("canceling in \(saga.state) was not refused")
                continue
            }
            #expect(problem.slug == .conflict)
            #expect(saga == before)
        }
    }
}
