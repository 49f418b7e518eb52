import Contracts
import Foundation
import Testing

@testable import Coordinator

@Suite("The cancellation of an occurrence")
struct CancellationSagaTests {
    private let now = Timestamp.example

    private func begin() -> CancellationSaga {
        CancellationSaga.begin(.example, at: now).0
    }

    private func page(_ checkouts: [CheckoutSaga], next: CheckoutID? = nil) -> CancellationEvent {
        .pageRead(CancellationPage(checkouts: checkouts, unreadableCount: 0, next: next))
    }

    private func step(after seconds: Int) -> [SagaTimer] {
        [SagaTimer(kind: .step, dueAt: now + .seconds(seconds))]
    }

    private func completed(_ dialogue: Dialogue) -> CheckoutSaga {
        dialogue.saga(after: dialogue.held(), dialogue.pay(), dialogue.succeeded(), dialogue.completed())
    }

    @Test("It begins at once")
    func begins() {
        let (saga, reaction) = CancellationSaga.begin(.example, at: now)
        #expect(reaction == .changed(timers: step(after: 0)))
        #expect(saga.state == .refunding && saga.isLooking)
    }

    @Test("What is not paid is given up, what is completed is refunded, what has ended is left alone")
    func commands() {
        var saga = begin()
        let holding = Dialogue()
        let awaiting = Dialogue()
        let bought = Dialogue()
        let expired = Dialogue()
        let reaction = saga.handle(
            page([
                holding.saga(), awaiting.saga(after: awaiting.held()), completed(bought),
                expired.saga(after: expired.held(), .holdEnded),
            ]), at: now)
        let quote = RefundQuote(
            checkoutID: bought.checkoutID, occurrenceID: bought.occurrenceID, amountCents: 5000, currency: .zar,
            ticketIDs: bought.ticketIDs)
        #expect(
            reaction.commands == [
                .cancel(holding.checkoutID), .cancel(awaiting.checkoutID),
                .refund(bought.orderID, RefundDraft(reason: saga.reason), quote),
            ])
        #expect(!saga.isLooking)
    }

    @Test("Tickets that were refunded before are not refunded again")
    func refundedBefore() {
        var saga = begin()
        let partly = Dialogue()
        var checkout = completed(partly)
        _ = checkout.handle(partly.orderRefunded(), at: now)
        guard case .refund(_, _, let quote)? = saga.handle(page([checkout]), at: now).commands.first else {
            Issue.record("nothing is refunded")
            return
        }
        #expect(quote.ticketIDs == [partly.ticketIDs[1]])
        #expect(quote.amountCents == 2500)
    }

    @Test("Pages follow each other at once, from where the last one ended")
    func pages() {
        var saga = begin()
        let last = CheckoutID(UUID())
        #expect(saga.handle(page([Dialogue().saga()], next: last), at: now).timers == step(after: 0))
        #expect(saga.cursor == last && saga.isLooking)
        #expect(saga.handle(page([]), at: now).timers == step(after: 1))
        #expect(saga.cursor == nil && !saga.isLooking)
    }

    @Test("While a payment is under way everything is looked at again, with growing pauses")
    func payments() {
        var saga = begin()
        let dialogue = Dialogue()
        let paying = dialogue.saga(after: dialogue.held(), dialogue.pay())
        let confirming = dialogue.saga(after: dialogue.held(), dialogue.pay(), dialogue.succeeded())
        #expect(saga.handle(page([paying]), at: now).timers == step(after: 1))
        #expect(saga.isLooking)
        #expect(saga.handle(page([confirming]), at: now).timers == step(after: 2))
        #expect(saga.isLooking)
        #expect(saga.handle(.counted(CancellationProgress()), at: now) == .duplicate)
        #expect(saga.handle(page([completed(dialogue)]), at: now).timers == step(after: 4))
        #expect(!saga.isLooking)
    }

    @Test("A checkout that cannot be read may be a payment")
    func unreadable() {
        var saga = begin()
        _ = saga.handle(.pageRead(CancellationPage(checkouts: [], unreadableCount: 1, next: nil)), at: now)
        #expect(saga.isLooking)
    }

    @Test("It is complete when every refund is")
    func completes() {
        var saga = begin()
        _ = saga.handle(page([]), at: now)
        var progress = CancellationProgress(refunded: 1, open: 1, refundedCents: 5000, currency: .zar)
        #expect(saga.handle(.counted(progress), at: now) == .noted(timers: step(after: 2)))
        #expect(saga.details(progress).ordersPending == 1)
        progress.refunded = 2
        progress.open = 0
        #expect(saga.handle(.counted(progress), at: now) == .changed())
        #expect(saga.state == .completed)
        #expect(saga.details(progress).completedAt == now)
        #expect(saga.handle(.counted(progress), at: now) == .duplicate)
        #expect(saga.handle(page([]), at: now) == .duplicate)
    }

    @Test("A refund that failed leaves it incomplete, and an operator is called")
    func incomplete() {
        var saga = begin()
        _ = saga.handle(page([]), at: now)
        let reaction = saga.handle(.counted(CancellationProgress(refunded: 3, failed: 1)), at: now)
        #expect(reaction.incident?.kind == .cancellationIncomplete)
        #expect(saga.state == .incomplete)
    }

    @Test("The stored form gives the same cancellation back")
    func storedForm() throws {
        var saga = begin()
        _ = saga.handle(page([], next: CheckoutID(UUID())), at: now)
        let stored = try JSONEncoder().encode(saga)
        #expect(try JSONDecoder().decode(CancellationSaga.self, from: stored) == saga)
    }
}
