import Contracts
import Foundation
import Testing

@testable import Coordinator

@Suite("Every state and every event")
struct CheckoutSagaTotalityTests {
    let dialogue = Dialogue()

    /// Every saga that can be reached from the start, found by saying everything to every saga until nothing new comes.
    private func reachable(limit: Int = 20_000) -> [CheckoutSaga] {
        var seen: Set<String> = []
        var found: [CheckoutSaga] = []
        var open = [dialogue.saga(), dialogue.saga(payment: .example)]
        while let saga = open.popLast(), found.count < limit {
            guard seen.insert(shape(saga)).inserted else { continue }
            found.append(saga)
            for event in dialogue.allEvents + [dialogue.succeeded(dialogue.draftChargeID)] {
                for time in [Dialogue.start + .seconds(1), Dialogue.holdEnd] {
                    var next = saga
                    _ = next.handle(event, at: time)
                    open.append(next)
                }
            }
        }
        return found
    }

    /// What tells two sagas apart, without the counters that grow for ever.
    private func shape(_ saga: CheckoutSaga) -> String {
        let charges = saga.charges.map {
            "\($0.id)\($0.state)\($0.failure.map(\.rawValue) ?? "")\($0.refund.map(\.rawValue) ?? "")"
        }
        return [
            saga.state.rawValue, saga.holdAnswer?.rawValue ?? "", saga.quote.map { "\($0.totalCents)" } ?? "",
            charges.joined(), "\(saga.hasHoldEnded)", "\(saga.isHoldReleased)", "\(saga.takesAgain)",
            "\(saga.pendingPayment == nil)", saga.reason ?? "", saga.incident?.rawValue ?? "",
            saga.tickets.map(\.status.rawValue).joined(),
        ].joined(separator: "|")
    }

    @Test("Every state can be reached, and only late money leaves a final one")
    func finalStatesStay() {
        let sagas = reachable()
        #expect(Set(sagas.map(\.state)) == Set(CheckoutState.allCases))
        for saga in sagas where saga.state.isFinal {
            for event in dialogue.allEvents {
                var after = saga
                _ = after.handle(event, at: Dialogue.holdEnd)
                guard after.state != saga.state else { continue }
                #expect(saga.state == .expired && after.state == .confirming, "\(event.name) left \(saga.state)")
                #expect(after.takesAgain && after.currentCharge?.state == .succeeded)
            }
        }
    }

    @Test("The same event again is a duplicate or a refusal, and never orders anything twice")
    func repetition() {
        // A timer that fires again is another reminder.
        for event in dialogue.allEvents where event != .answerDue {
            for saga in reachable() {
                var after = saga
                let first = after.handle(event, at: Dialogue.start + .seconds(1))
                let once = after
                let second = after.handle(event, at: Dialogue.start + .seconds(1))
                if first.outcome == .changed || first.outcome == .noted {
                    #expect(second == .duplicate, "\(event.name) twice in \(saga.state)")
                    #expect(after == once)
                }
                #expect(second.commands.isEmpty, "\(event.name) twice in \(saga.state)")
            }
        }
    }

    @Test("A reminder orders nothing that was not ordered before, and never ends while an answer is missing")
    func reminders() {
        for saga in reachable() {
            var after = saga
            let reaction = after.handle(.answerDue, at: Dialogue.holdEnd)
            #expect(after.state == saga.state)
            let isWaiting = saga.state == .confirming || saga.charges.contains(where: \.isGoingBack)
            if isWaiting { #expect(!reaction.timers.isEmpty, "nobody looks after \(saga.state) again") }
            for command in reaction.commands {
                switch command {
                case .confirm: #expect(saga.state == .confirming)
                case .refund(let refund):
                    #expect(saga.charges.contains { $0.id == refund.chargeID && $0.refund == .ordered })
                case .hold, .release, .charge: Issue.record("a reminder ordered \(command)")
                }
            }
        }
    }

    @Test("Captured money is never forgotten: it pays for the tickets, or it is on its way back")
    func moneyIsAccountedFor() {
        for saga in reachable() {
            for charge in saga.charges where charge.state == .succeeded {
                let pays =
                    charge.id == saga.currentCharge?.id && (saga.state == .confirming || saga.state == .completed)
                #expect(pays != (charge.refund != nil), "\(saga.state): \(charge)")
            }
        }
    }

    @Test("Outcomes and counters agree: only changes are versions, and only what is kept is a line of history")
    func counters() {
        for saga in reachable() {
            for event in dialogue.allEvents {
                var after = saga
                switch after.handle(event, at: Dialogue.start + .seconds(1)).outcome {
                case .changed:
                    #expect(after.version == saga.version + 1 && after.historyLength == saga.historyLength + 1)
                    #expect(after.details != saga.details)
                case .noted, .unexpected:
                    #expect(after.version == saga.version && after.historyLength == saga.historyLength + 1)
                    #expect(after.details == saga.details)
                case .duplicate, .refused:
                    #expect(after == saga)
                }
            }
        }
    }

    @Test("Places are never given back while a charge is in flight or money has come in for them")
    func stockStaysWithMoney() {
        for saga in reachable() {
            for event in dialogue.allEvents {
                for time in [Dialogue.start + .seconds(1), Dialogue.holdEnd] {
                    var after = saga
                    let reaction = after.handle(event, at: time)
                    let releases = reaction.commands.contains {
                        if case .release = $0 { true } else { false }
                    }
                    guard releases else { continue }
                    let moneyMayBeThere = after.charges.contains { $0.state != .failed && $0.refund == nil }
                    #expect(!moneyMayBeThere, "\(event.name) in \(saga.state)")
                }
            }
        }
    }

    @Test("Tickets are only confirmed for captured money or for nothing to pay")
    func noFreeTickets() {
        for saga in reachable() {
            for event in dialogue.allEvents {
                var after = saga
                let confirms = after.handle(event, at: Dialogue.start + .seconds(1)).commands.compactMap {
                    if case .confirm(let command) = $0 { command } else { nil }
                }
                for command in confirms {
                    if after.quote?.totalCents == 0 {
                        #expect(command.chargeID == nil && command.paidCents == 0)
                    } else {
                        #expect(after.currentCharge?.state == .succeeded && command.chargeID == after.currentCharge?.id)
                    }
                }
            }
        }
    }

    @Test("The stored form gives the same saga back")
    func storedForm() throws {
        for saga in reachable() {
            let stored = try JSONEncoder().encode(saga)
            #expect(try JSONDecoder().decode(CheckoutSaga.self, from: stored) == saga)
        }
    }

    @Test("History never keeps a payment token, a ticket code or the buyer's address")
    func factsAreImpersonal() throws {
        let facts = dialogue.allEvents.map(\.facts) + [dialogue.startRequest(payment: .example).facts]
        let text = String(decoding: try JSONEncoder().encode(facts), as: UTF8.self)
        for secret in [PaymentInstrument.example.token, "VG1AAAA", Buyer.example.email, Buyer.example.givenName] {
            #expect(!text.contains(secret))
        }
    }
}
