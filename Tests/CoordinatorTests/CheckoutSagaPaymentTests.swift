import Contracts
import Foundation
import Testing

@testable import Coordinator

@Suite("A checkout's payment")
struct CheckoutSagaPaymentTests {
    let dialogue = Dialogue()

    private func refusal(_ saga: CheckoutSaga, at time: Timestamp) -> Problem.Slug? {
        var saga = saga
        guard case .refused(let problem) = saga.handle(dialogue.pay(), at: time).outcome else { return nil }
        return problem.slug
    }

    @Test("Paying orders the charge, and the same charge again changes nothing")
    func pay() {
        var saga = dialogue.saga(after: dialogue.held())
        #expect(saga.handle(dialogue.pay(), at: Dialogue.start) == .changed(dialogue.charge()))
        #expect(saga.state == .paying)
        #expect(saga.details.payment == CheckoutPayment(state: .initiated))
        #expect(saga.handle(dialogue.pay(), at: Dialogue.start) == .duplicate)
    }

    @Test("Paying is refused in words the buyer can act on")
    func payRefused() {
        let awaiting = dialogue.saga(after: dialogue.held())
        #expect(refusal(awaiting, at: Dialogue.holdEnd) == .holdExpired)
        #expect(refusal(dialogue.saga(after: dialogue.held(), .holdEnded), at: Dialogue.holdEnd) == .holdExpired)
        #expect(refusal(dialogue.saga(after: dialogue.refused(.soldOut)), at: Dialogue.start) == .soldOut)
        #expect(refusal(dialogue.saga(after: .cancelRequested), at: Dialogue.start) == .conflict)
        #expect(refusal(dialogue.saga(), at: Dialogue.start) == .conflict)
        let paying = dialogue.saga(after: dialogue.held(), dialogue.pay(dialogue.otherChargeID))
        #expect(refusal(paying, at: Dialogue.start) == .conflict)
    }

    @Test("A captured charge confirms the tickets, once")
    func success() {
        var saga = dialogue.saga(after: dialogue.held(), dialogue.pay())
        #expect(saga.handle(dialogue.succeeded(), at: Dialogue.start) == .changed(dialogue.confirm(dialogue.chargeID)))
        #expect(saga.state == .confirming)
        #expect(saga.details.payment == CheckoutPayment(state: .succeeded))
        #expect(saga.handle(dialogue.succeeded(), at: Dialogue.start) == .duplicate)
    }

    @Test("A pending charge is seen once, and a late one after the outcome is ignored")
    func pending() {
        var saga = dialogue.saga(after: dialogue.held(), dialogue.pay())
        #expect(saga.handle(dialogue.pending(), at: Dialogue.start) == .changed())
        #expect(saga.details.payment == CheckoutPayment(state: .pending))
        #expect(saga.handle(dialogue.pending(), at: Dialogue.start) == .duplicate)
        _ = saga.handle(dialogue.succeeded(), at: Dialogue.start)
        #expect(saga.handle(dialogue.pending(), at: Dialogue.start) == .duplicate)
        #expect(saga.details.payment == CheckoutPayment(state: .succeeded))
    }

    @Test("A failed charge lets the buyer try again with another while the hold lasts")
    func retry() {
        var saga = dialogue.saga(after: dialogue.held(), dialogue.pay())
        #expect(saga.handle(dialogue.failed(), at: Dialogue.start) == .changed())
        #expect(saga.state == .awaitingPayment)
        #expect(saga.details.payment == CheckoutPayment(state: .failed, reason: "declined"))
        #expect(saga.handle(dialogue.failed(), at: Dialogue.start) == .duplicate)
        #expect(saga.handle(dialogue.pay(), at: Dialogue.start) == .duplicate)

        let other = dialogue.otherChargeID
        #expect(saga.handle(dialogue.pay(other), at: Dialogue.start) == .changed(dialogue.charge(other)))
        #expect(saga.handle(dialogue.failed(), at: Dialogue.start) == .duplicate)
        #expect(saga.state == .paying)
        #expect(saga.handle(dialogue.succeeded(other), at: Dialogue.start) == .changed(dialogue.confirm(other)))
    }

    @Test("While a charge is in flight the hold's end releases nothing; a success afterwards still confirms")
    func holdEndsWhilePaying() {
        var saga = dialogue.saga(after: dialogue.held(), dialogue.pay())
        let patience = Dialogue.answerDue(CheckoutSaga.patienceWithProvider, from: Dialogue.holdEnd)
        #expect(saga.handle(.holdEnded, at: Dialogue.holdEnd) == .noted(timers: patience))
        #expect(saga.handle(.holdEnded, at: Dialogue.holdEnd) == .duplicate)
        #expect(saga.state == .paying)
        let late = Dialogue.holdEnd + .seconds(5)
        #expect(
            saga.handle(dialogue.succeeded(), at: late)
                == .changed(dialogue.confirm(dialogue.chargeID), timers: Dialogue.answerDue(from: late)))
    }

    @Test("A charge that fails after the hold's end expires the checkout, by the timer or by the clock")
    func failureAfterHoldEnd() {
        var byTimer = dialogue.saga(after: dialogue.held(), dialogue.pay())
        _ = byTimer.handle(.holdEnded, at: Dialogue.holdEnd)
        // Another process whose clock is a little behind hears of the failure.
        let behind = Dialogue.holdEnd - .milliseconds(20)
        #expect(byTimer.handle(dialogue.failed(), at: behind) == .changed(dialogue.release(.expired)))
        #expect(byTimer.state == .expired)

        var byClock = dialogue.saga(after: dialogue.held(), dialogue.pay())
        #expect(byClock.handle(dialogue.failed(), at: Dialogue.holdEnd) == .changed(dialogue.release(.expired)))
        #expect(byClock.handle(.holdEnded, at: Dialogue.holdEnd) == .duplicate)
        #expect(byClock.details.payment == CheckoutPayment(state: .failed, reason: "declined"))
    }

    @Test("Money of a charge that was reported as failed confirms the tickets while they are still held")
    func successAfterFailure() {
        var saga = dialogue.saga(after: dialogue.held(), dialogue.pay(), dialogue.failed())
        #expect(saga.handle(dialogue.succeeded(), at: Dialogue.start) == .changed(dialogue.confirm(dialogue.chargeID)))
        #expect(saga.details.payment == CheckoutPayment(state: .succeeded))
    }

    @Test("A failure after the capture is unexpected and takes nothing back")
    func failureAfterSuccess() {
        var saga = dialogue.saga(after: dialogue.held(), dialogue.pay(), dialogue.succeeded())
        #expect(saga.handle(dialogue.failed(), at: Dialogue.start) == .unexpected)
        #expect(saga.state == .confirming)
    }

    @Test("The completed order completes the checkout with its codes, once")
    func complete() {
        var saga = dialogue.saga(after: dialogue.held(), dialogue.pay(), dialogue.succeeded())
        #expect(saga.handle(dialogue.completed(), at: Dialogue.start) == .changed())
        #expect(saga.state == .completed)
        #expect(saga.details.tickets.map(\.id) == dialogue.ticketIDs)
        #expect(saga.details.tickets.allSatisfy { $0.status == .confirmed && $0.code == "VG1AAAA" })
        #expect(saga.handle(dialogue.completed(), at: Dialogue.start) == .duplicate)
        #expect(saga.handle(.holdEnded, at: Dialogue.holdEnd) == .duplicate)
    }

    @Test("A completed order that nobody waits for is unexpected")
    func completedTooEarly() {
        var saga = dialogue.saga(after: dialogue.held())
        #expect(saga.handle(dialogue.completed(), at: Dialogue.start) == .unexpected)
        #expect(saga.state == .awaitingPayment)
    }

    @Test("A refused confirmation of a free order ends it")
    func confirmRefusedFree() {
        var saga = dialogue.saga(after: dialogue.held(totalCents: 0))
        #expect(saga.handle(dialogue.confirmRefused(), at: Dialogue.start) == .changed(dialogue.release(.canceled)))
        #expect(saga.state == .canceled)
        #expect(saga.handle(dialogue.confirmRefused(), at: Dialogue.start) == .duplicate)
    }
}
