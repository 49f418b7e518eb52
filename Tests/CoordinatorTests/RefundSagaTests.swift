import Contracts
import Foundation
import Testing

@testable import Coordinator

@Suite("A refund")
struct RefundSagaTests {
    let dialogue = RefundDialogue()
    private let now = RefundDialogue.start
    private let due = RefundDialogue.answerDue()

    @Test("It takes the tickets back, then returns the money, then frees the places")
    func whole() {
        let (begun, reaction) = dialogue.begin()
        #expect(reaction == .changed([dialogue.prepare], timers: due))
        var saga = begun
        #expect(saga.details.amountCents == 6000)

        #expect(saga.handle(dialogue.prepared(), at: now) == .changed([dialogue.refund], timers: due))
        #expect(saga.state == .refunding)
        // Ticketing's word counts, not the quote.
        #expect(saga.details.amountCents == 5000)
        #expect(saga.handle(dialogue.pending(), at: now) == .changed())
        #expect(saga.state == .pending)
        #expect(saga.handle(dialogue.returned(), at: now) == .changed([dialogue.complete], timers: due))
        #expect(saga.state == .completing)
        #expect(saga.handle(dialogue.orderRefunded(), at: now) == .changed())
        #expect(saga.state == .completed)
        for event in dialogue.allEvents where event != dialogue.abandoned() && event != dialogue.kept() {
            let answer = saga.handle(event, at: now)
            #expect(answer == .duplicate || event == dialogue.refused(), "\(event.name)")
        }
    }

    @Test("Tickets that were free are taken back without a provider")
    func free() {
        var saga = dialogue.saga()
        #expect(saga.handle(dialogue.prepared(cents: 0), at: now) == .changed([dialogue.complete], timers: due))
        #expect(saga.state == .completing)
    }

    @Test("What Ticketing refuses ends with its reason and orders nothing")
    func refused() {
        for reason in RefundRefusal.allCases {
            var saga = dialogue.saga()
            #expect(saga.handle(dialogue.refused(reason), at: now) == .changed())
            #expect(saga.state == .refused)
            #expect(saga.details.failure == reason.rawValue)
            #expect(saga.handle(dialogue.refused(reason), at: now) == .duplicate)
            #expect(saga.handle(dialogue.prepared(), at: now) == .unexpected)
            #expect(saga.handle(.answerDue, at: now) == .duplicate)
        }
    }

    @Test("Money that the provider keeps makes the tickets admit again, however often that has to be said")
    func kept() {
        for before in [
            dialogue.saga(after: dialogue.prepared()), dialogue.saga(after: dialogue.prepared(), dialogue.pending()),
        ] {
            var saga = before
            #expect(saga.handle(dialogue.kept(), at: now) == .changed([dialogue.abandon], timers: due))
            #expect(saga.state == .failed)
            #expect(saga.details.failure == "provider_refused")
            #expect(saga.handle(dialogue.kept(), at: now) == .duplicate)
            #expect(
                saga.handle(.answerDue, at: now)
                    == .noted([dialogue.abandon], timers: RefundDialogue.answerDue(.seconds(120))))
            #expect(saga.handle(dialogue.abandoned(), at: now) == .noted())
            #expect(saga.handle(dialogue.abandoned(), at: now) == .duplicate)
            #expect(saga.handle(.answerDue, at: now) == .duplicate)
        }
    }

    @Test("A canceled occurrence's refund that fails calls an operator, because nobody waits for its answer")
    func cancellationFails() {
        var dialogue = dialogue
        dialogue.cause = .occurrenceCanceled
        var saga = dialogue.saga(after: dialogue.prepared())
        #expect(saga.handle(dialogue.kept(), at: now).incident?.kind == .refundFailed)
        #expect(saga.handle(dialogue.kept(), at: now) == .duplicate)
    }

    @Test("Money that went back after all is never silent")
    func returnedAfterFailure() {
        var saga = dialogue.saga(after: dialogue.prepared(), dialogue.kept())
        #expect(saga.handle(dialogue.returned(), at: now).incident?.kind == .refundedAfterFailure)
        #expect(saga.handle(dialogue.returned(), at: now) == .duplicate)
        #expect(saga.state == .failed)
    }

    @Test("An answer that does not come is asked for again and becomes an incident; the answer ends both")
    func overdue() {
        let waiting: [(RefundSaga, RefundCommand, RefundEvent)] = [
            (dialogue.saga(), dialogue.prepare, dialogue.prepared()),
            (dialogue.saga(after: dialogue.prepared()), dialogue.refund, dialogue.returned()),
            (
                dialogue.saga(after: dialogue.prepared(), dialogue.returned()), dialogue.complete,
                dialogue.orderRefunded()
            ),
        ]
        for (before, command, answer) in waiting {
            var saga = before
            var incidents: [Incident.Kind] = []
            for count in 1...10 {
                let reaction = saga.handle(.answerDue, at: now)
                #expect(reaction.commands == [command])
                #expect(reaction.timers == RefundDialogue.answerDue(Patience.wait(afterReminders: count)))
                if let incident = reaction.incident { incidents.append(incident.kind) }
            }
            #expect(incidents == [.answerOverdue])
            #expect(saga.handle(answer, at: now).resolvesIncidents)
            #expect(saga.incident == nil)
        }
    }

    @Test("A provider may take its time; after three days an operator is called")
    func undecided() {
        var saga = dialogue.saga(after: dialogue.prepared(), dialogue.pending())
        let early = saga.handle(.answerDue, at: now + .seconds(86_400))
        #expect(early.commands.isEmpty && early.incident == nil && !early.timers.isEmpty)
        let late = now + RefundSaga.patienceWithProvider
        #expect(saga.handle(.answerDue, at: late).incident?.kind == .refundUndecided)
        #expect(saga.handle(.answerDue, at: late).incident == nil)
    }

    /// Every saga that can be reached.
    private func reachable() -> [RefundSaga] {
        var seen: Set<String> = []
        var found: [RefundSaga] = []
        var open = [dialogue.saga()]
        while let saga = open.popLast() {
            let shape = [
                saga.state.rawValue, "\(saga.amountCents)", "\(saga.isAbandoned)", saga.incident?.rawValue ?? "",
                "\(min(saga.reminders, Patience.remindersBeforeIncident + 1))", "\(saga.chargeID == nil)",
            ].joined(separator: "|")
            guard seen.insert(shape).inserted else { continue }
            found.append(saga)
            for event in dialogue.allEvents {
                for time in [now, now + RefundSaga.patienceWithProvider] {
                    var next = saga
                    _ = next.handle(event, at: time)
                    open.append(next)
                }
            }
        }
        return found
    }

    @Test("Every state can be reached, and none is left once it is final")
    func totality() {
        let sagas = reachable()
        #expect(Set(sagas.map(\.state)) == Set(RefundState.allCases))
        for saga in sagas where saga.state.isFinal {
            for event in dialogue.allEvents {
                var after = saga
                let reaction = after.handle(event, at: now)
                #expect(after.state == saga.state)
                #expect(reaction.outcome != .changed)
            }
        }
    }

    @Test("The same event again is a duplicate, and the money is ordered back only for tickets that are taken back")
    func repetition() {
        for saga in reachable() {
            for event in dialogue.allEvents {
                var after = saga
                let first = after.handle(event, at: now)
                if first.commands.contains(dialogue.refund) { #expect(after.state == .refunding) }
                if first.commands.contains(dialogue.complete) { #expect(after.state == .completing) }
                guard event != .answerDue, first.outcome == .changed || first.outcome == .noted else { continue }
                let once = after
                #expect(after.handle(event, at: now) == .duplicate, "\(event.name) twice in \(saga.state)")
                #expect(after == once)
            }
        }
    }

    @Test("Somebody looks after every refund that has not ended")
    func nobodyIsForgotten() {
        for saga in reachable() where !saga.state.isFinal {
            var after = saga
            #expect(!after.handle(.answerDue, at: now).timers.isEmpty, "\(saga.state)")
        }
    }

    @Test("The stored form gives the same refund back, and history keeps nothing personal")
    func storedForm() throws {
        for saga in reachable() {
            let stored = try JSONEncoder().encode(saga)
            #expect(try JSONDecoder().decode(RefundSaga.self, from: stored) == saga)
        }
        let facts = dialogue.allEvents.map(\.facts) + [dialogue.draft.facts(of: dialogue.orderID, cause: .requested)]
        let text = String(decoding: try JSONEncoder().encode(facts), as: UTF8.self)
        #expect(!text.contains(Buyer.example.email) && !text.contains(Buyer.example.givenName))
    }
}
