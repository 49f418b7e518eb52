import Contracts
import Foundation
import Testing

@testable import Coordinator

@Suite("A checkout's money that bought nothing")
struct CheckoutSagaRefundTests {
    let dialogue = Dialogue()
    private let due = Dialogue.answerDue()

    @Test("Money after the hold's end takes the same places again if it can")
    func lateMoney() {
        var saga = dialogue.saga(after: dialogue.held(), dialogue.pay(), dialogue.failed(), .holdEnded)
        #expect(saga.state == .expired)
        #expect(
            saga.handle(dialogue.succeeded(), at: Dialogue.holdEnd)
                == .changed(
                    dialogue.confirmAgain(dialogue.chargeID), timers: Dialogue.answerDue(from: Dialogue.holdEnd)))
        #expect(saga.state == .confirming)
        #expect(saga.details.payment == CheckoutPayment(state: .succeeded))
        #expect(saga.handle(dialogue.succeeded(), at: Dialogue.holdEnd) == .duplicate)
        // The release may be told of only now.
        #expect(saga.handle(dialogue.released(.expired), at: Dialogue.holdEnd) == .noted())
        #expect(saga.handle(dialogue.completed(), at: Dialogue.holdEnd) == .changed())
        #expect(saga.state == .completed)
    }

    @Test("Late money whose places are gone goes back, and the checkout ends refunded")
    func lateMoneyWithoutPlaces() {
        var saga = dialogue.saga(
            after: dialogue.held(), dialogue.pay(), dialogue.failed(), .holdEnded, dialogue.succeeded())
        #expect(
            saga.handle(dialogue.confirmRefused(), at: Dialogue.start) == .changed(dialogue.refund(), timers: due))
        #expect(saga.state == .refunding)
        #expect(saga.handle(dialogue.refundPending(), at: Dialogue.start) == .noted())
        #expect(saga.handle(dialogue.refundPending(), at: Dialogue.start) == .duplicate)
        #expect(saga.handle(dialogue.refundSucceeded(), at: Dialogue.start) == .changed())
        #expect(saga.state == .refunded)
        #expect(saga.handle(dialogue.refundSucceeded(), at: Dialogue.start) == .duplicate)
        #expect(saga.handle(dialogue.refundPending(), at: Dialogue.start) == .duplicate)
        #expect(saga.handle(.answerDue, at: Dialogue.start) == .duplicate)
    }

    @Test("A refused confirmation of a paid order gives the money back")
    func confirmRefusedPaid() {
        var saga = dialogue.saga(after: dialogue.held(), dialogue.pay(), dialogue.succeeded())
        #expect(
            saga.handle(dialogue.confirmRefused(), at: Dialogue.start) == .changed(dialogue.refund(), timers: due))
        #expect(saga.state == .refunding)
        #expect(saga.details.reason == "hold_released")
        #expect(saga.details.tickets.allSatisfy { $0.status == .canceled })
        #expect(saga.handle(dialogue.confirmRefused(), at: Dialogue.start) == .duplicate)
        #expect(saga.handle(.holdEnded, at: Dialogue.holdEnd) == .duplicate)
        #expect(saga.state == .refunding)
    }

    @Test(
        "Money of an earlier attempt pays while the tickets are held, and the charge that pays is the one that counts")
    func earlierAttemptPays() {
        let other = dialogue.otherChargeID
        var saga = dialogue.saga(
            after: dialogue.held(), dialogue.pay(), dialogue.failed(), dialogue.pay(other), dialogue.failed(other))
        #expect(saga.handle(dialogue.succeeded(), at: Dialogue.start) == .changed(dialogue.confirm(dialogue.chargeID)))
        #expect(saga.currentCharge?.id == dialogue.chargeID)
    }

    @Test("A second payment goes back, whether it comes before or after the tickets")
    func secondPayment() {
        let other = dialogue.otherChargeID
        let paying = dialogue.saga(after: dialogue.held(), dialogue.pay(), dialogue.failed(), dialogue.pay(other))
        var sagas = [paying]
        var confirming = paying
        _ = confirming.handle(dialogue.succeeded(other), at: Dialogue.start)
        sagas.append(confirming)
        var completed = confirming
        _ = completed.handle(dialogue.completed(), at: Dialogue.start)
        sagas.append(completed)
        for var saga in sagas {
            let state = saga.state
            #expect(saga.handle(dialogue.succeeded(), at: Dialogue.start) == .noted([dialogue.refund()], timers: due))
            #expect(saga.state == state)
            #expect(saga.handle(dialogue.succeeded(), at: Dialogue.start) == .duplicate)
            #expect(saga.handle(dialogue.refundSucceeded(), at: Dialogue.start) == .noted())
            #expect(saga.handle(dialogue.refundSucceeded(), at: Dialogue.start) == .duplicate)
            #expect(saga.state == state)
        }
    }

    @Test("Money that comes after the buyer has canceled goes back")
    func moneyAfterCancel() {
        var saga = dialogue.saga(after: dialogue.held(), dialogue.pay(), dialogue.failed(), .cancelRequested)
        #expect(saga.handle(dialogue.succeeded(), at: Dialogue.start) == .changed(dialogue.refund(), timers: due))
        #expect(saga.state == .canceled)
        #expect(saga.details.payment == CheckoutPayment(state: .succeeded))
    }

    @Test("Money for a charge that nobody ordered calls an operator")
    func unknownCharge() {
        var saga = dialogue.saga(after: dialogue.held())
        let reaction = saga.handle(dialogue.succeeded(), at: Dialogue.start)
        #expect(reaction.outcome == .unexpected)
        #expect(reaction.incident?.kind == .unknownCharge)
        #expect(reaction.commands.isEmpty)
        #expect(saga.state == .awaitingPayment)
    }

    @Test("A refund that fails calls an operator, once; money that comes back all the same ends it")
    func refundFails() {
        var saga = dialogue.saga(
            after: dialogue.held(), dialogue.pay(), dialogue.succeeded(), dialogue.confirmRefused())
        let reaction = saga.handle(dialogue.refundFailed(), at: Dialogue.start)
        #expect(reaction.outcome == .noted)
        #expect(reaction.incident?.kind == .refundFailed)
        #expect(saga.incident == .refundFailed)
        #expect(saga.state == .refunding)
        #expect(saga.handle(dialogue.refundFailed(), at: Dialogue.start) == .duplicate)

        let end = saga.handle(dialogue.refundSucceeded(), at: Dialogue.start)
        #expect(end == .changed().resolvingIncidents())
        #expect(saga.state == .refunded)
        #expect(saga.incident == nil)
    }

    @Test("A confirmation without an answer is ordered again for as long as it takes, and becomes an incident")
    func confirmationOverdue() {
        var saga = dialogue.saga(after: dialogue.held(), dialogue.pay(), dialogue.succeeded())
        // The hold's own timer looks after it first.
        #expect(
            saga.handle(.holdEnded, at: Dialogue.holdEnd) == .noted(timers: Dialogue.answerDue(from: Dialogue.holdEnd)))
        var time = Dialogue.holdEnd
        var incidents: [Incident.Kind] = []
        for count in 1...20 {
            time = time + Patience.wait(afterReminders: count - 1)
            let reaction = saga.handle(.answerDue, at: time)
            #expect(reaction.commands == [dialogue.confirm(dialogue.chargeID)])
            #expect(reaction.timers == Dialogue.answerDue(Patience.wait(afterReminders: count), from: time))
            if let incident = reaction.incident { incidents.append(incident.kind) }
        }
        #expect(incidents == [.answerOverdue])
        #expect(time > Dialogue.holdEnd + .seconds(12 * 3600))
        let end = saga.handle(dialogue.completed(), at: time)
        #expect(end == .changed().resolvingIncidents())
        #expect(saga.handle(.answerDue, at: time) == .duplicate)
    }

    @Test("A refund without an answer is ordered again; one that the provider has is only waited for")
    func refundOverdue() {
        var saga = dialogue.saga(
            after: dialogue.held(), dialogue.pay(), dialogue.succeeded(), dialogue.confirmRefused())
        #expect(
            saga.handle(.answerDue, at: Dialogue.start)
                == .noted([dialogue.refund()], timers: Dialogue.answerDue(.seconds(120))))
        _ = saga.handle(dialogue.refundPending(), at: Dialogue.start)
        #expect(saga.handle(.answerDue, at: Dialogue.start) == .noted(timers: Dialogue.answerDue(.seconds(240))))
    }

    @Test("A charge that stays undecided after the hold's end calls an operator, once, and keeps its places")
    func chargeUndecided() {
        var saga = dialogue.saga(after: dialogue.held(), dialogue.pay(), .holdEnded)
        let reaction = saga.handle(.answerDue, at: Dialogue.holdEnd + CheckoutSaga.patienceWithProvider)
        #expect(reaction.incident?.kind == .chargeUndecided)
        #expect(reaction.commands.isEmpty)
        #expect(saga.handle(.answerDue, at: Dialogue.holdEnd) == .duplicate)
        #expect(saga.handle(dialogue.succeeded(), at: Dialogue.holdEnd).resolvesIncidents)
    }

    @Test("An occurrence's cancellation ends what is not paid and leaves alone what is")
    func occurrenceCanceled() {
        for var saga in [dialogue.saga(), dialogue.saga(after: dialogue.held())] {
            #expect(saga.handle(.occurrenceCanceled, at: Dialogue.start) == .changed(dialogue.release(.canceled)))
            #expect(saga.details.reason == "occurrence_canceled")
            #expect(saga.handle(.occurrenceCanceled, at: Dialogue.start) == .duplicate)
        }
        var paying = dialogue.saga(after: dialogue.held(), dialogue.pay())
        #expect(paying.handle(.occurrenceCanceled, at: Dialogue.start) == .duplicate)
    }

    @Test("A completed checkout shows which of its tickets were refunded, without their codes")
    func ticketsRefunded() {
        var saga = dialogue.saga(after: dialogue.held(), dialogue.pay(), dialogue.succeeded(), dialogue.completed())
        #expect(saga.handle(dialogue.orderRefunded(), at: Dialogue.start) == .changed())
        #expect(saga.details.tickets.map(\.status) == [.refunded, .confirmed])
        #expect(saga.details.tickets.map { $0.code == nil } == [true, false])
        #expect(saga.state == .completed)
        #expect(saga.handle(dialogue.orderRefunded(), at: Dialogue.start) == .duplicate)
    }
}
