import Contracts
import Foundation
import Messaging
import Postgres
import TestSupport
import Testing

@testable import Coordinator

@Suite("A checkout in the database")
struct CheckoutFlowTests {
    @Test("A paid checkout goes from its hold to its tickets, each step told once and kept in the history")
    func paid() async throws {
        try await CheckoutScene.with { scene in
            let started = try await scene.begin()
            #expect([started.effects].messageNames == [HoldTickets.name])
            let correlations = started.effects.messages.map(\.correlationID)
            #expect(correlations.allSatisfy { $0 == scene.checkoutID.rawValue })
            #expect(started.effects.messages.allSatisfy { $0.organizationID == scene.organizationID })

            let held = try await scene.tell(TicketsHeldHandler(runner: scene.runner), scene.held)
            #expect(held.messageNames == [CheckoutProgressed.name])
            let paying = try await scene.pay()
            #expect([paying.effects].messages(Charge.self).map(\.amountCents) == [5000])
            try await scene.tell(ChargePendingHandler(runner: scene.runner), scene.pending)
            let confirming = try await scene.tell(ChargeSucceededHandler(runner: scene.runner), scene.success)
            #expect(confirming.messages(ConfirmTickets.self).map(\.chargeID) == [scene.chargeID])
            let completed = try await scene.tell(OrderCompletedHandler(runner: scene.runner), scene.completed)
            #expect(completed.messages(CheckoutProgressed.self).map(\.checkout.state) == [.completed])

            let checkout = try await scene.read().get()
            #expect(checkout.state == .completed)
            #expect(checkout.version == 6)
            #expect(checkout.tickets.map(\.code) == ["VG1AAAA", "VG1AAAA"])
            let history = try await scene.history()
            #expect(
                history.map(\.state) == [.holding, .awaitingPayment, .paying, .paying, .confirming, .completed])
            #expect(
                history.map(\.message) == [
                    StartCheckout.name, TicketsHeld.name, PayCheckout.name, ChargePending.name, ChargeSucceeded.name,
                    OrderCompleted.name,
                ])
        }
    }

    @Test("Every message again, with another message id, changes and causes nothing")
    func duplicates() async throws {
        try await CheckoutScene.with { scene in
            let runner = scene.runner
            try await scene.begin()
            try await scene.tell(TicketsHeldHandler(runner: runner), scene.held)
            #expect(try await scene.tell(TicketsHeldHandler(runner: runner), scene.held).messageNames.isEmpty)
            try await scene.pay()
            #expect([try await scene.pay().effects].messageNames.isEmpty)
            try await scene.tell(ChargePendingHandler(runner: runner), scene.pending)
            #expect(try await scene.tell(ChargePendingHandler(runner: runner), scene.pending).messageNames.isEmpty)
            try await scene.tell(ChargeSucceededHandler(runner: runner), scene.success)
            #expect(try await scene.tell(ChargeSucceededHandler(runner: runner), scene.success).messageNames.isEmpty)
            try await scene.tell(OrderCompletedHandler(runner: runner), scene.completed)
            #expect(try await scene.tell(OrderCompletedHandler(runner: runner), scene.completed).messageNames.isEmpty)
            #expect(try await scene.history().count == 6)
        }
    }

    @Test("A message and its repetition in one batch count once")
    func duplicateInBatch() async throws {
        try await CheckoutScene.with { scene in
            try await scene.begin()
            let effects = try await scene.tell(TicketsHeldHandler(runner: scene.runner), scene.held, scene.held)
            #expect(effects.map(\.messages.count) == [1, 0])
            #expect(try await scene.history().count == 2)
        }
    }

    @Test("A refused hold ends the checkout; whatever comes late stays without effect")
    func refusedHold() async throws {
        try await CheckoutScene.with { scene in
            let runner = scene.runner
            try await scene.begin()
            let refused = try await scene.tell(HoldRefusedHandler(runner: runner), scene.refused)
            #expect(refused.messages(CheckoutProgressed.self).map(\.checkout.state) == [.soldOut])
            #expect(refused.messages(CheckoutEnded.self).map(\.checkout.state) == [.soldOut])
            #expect(try await scene.tell(HoldRefusedHandler(runner: runner), scene.refused).messageNames.isEmpty)
            #expect(try await scene.pay().refusal == .soldOut)
            let late = try await scene.tell(TicketsHeldHandler(runner: runner), scene.held)
            #expect(late.messageNames == [ReleaseHold.name])
            #expect(try await scene.read().get().state == .soldOut)
        }
    }

    @Test("A failed charge can be followed by another one")
    func failedCharge() async throws {
        try await CheckoutScene.with { scene in
            let runner = scene.runner
            try await scene.begin()
            try await scene.tell(TicketsHeldHandler(runner: runner), scene.held)
            try await scene.pay()
            try await scene.tell(ChargeFailedHandler(runner: runner), scene.failure)
            #expect(try await scene.tell(ChargeFailedHandler(runner: runner), scene.failure).messageNames.isEmpty)
            let checkout = try await scene.read().get()
            #expect(checkout.state == .awaitingPayment)
            #expect(checkout.payment == CheckoutPayment(state: .failed, reason: "declined"))

            let second = PayCheckout(checkoutID: scene.checkoutID, chargeID: ChargeID(UUID()), instrument: .example)
            let retried = try await scene.ask(PayCheckoutHandler(runner: runner), second)
            #expect([retried.effects].messages(Charge.self).map(\.chargeID) == [second.chargeID])
        }
    }

    @Test("Money that nobody ordered is kept as unexpected, with what a refund needs, and an operator is called")
    func strayMoney() async throws {
        try await CheckoutScene.with { scene in
            try await scene.begin()
            try await scene.cancel()
            let effects = try await scene.tell(ChargeSucceededHandler(runner: scene.runner), scene.success)
            #expect(effects.messageNames.isEmpty)
            let kept = try await scene.database.client.query(
                """
                SELECT facts ->> 'charge_id', facts ->> 'amount_cents'
                FROM checkout_history WHERE outcome = 'unexpected'
                """
            ).decode((String, String).self)
            #expect(kept.map(\.0) == [scene.chargeID.description])
            #expect(kept.map(\.1) == ["5000"])
            let incidents = try await scene.database.client.query("SELECT saga, kind FROM incidents").decode(
                (String, String).self)
            #expect(incidents.map { "\($0.0) \($0.1)" } == ["checkout unknown_charge"])
        }
    }

    @Test("A paid checkout whose confirmation is refused waits for its refund, visibly")
    func refunding() async throws {
        try await CheckoutScene.with { scene in
            let runner = scene.runner
            try await scene.begin()
            try await scene.tell(TicketsHeldHandler(runner: runner), scene.held)
            try await scene.pay()
            try await scene.tell(ChargeSucceededHandler(runner: runner), scene.success)
            let effects = try await scene.tell(ConfirmRefusedHandler(runner: runner), scene.confirmRefused)
            #expect(effects.messageNames == [Refund.name, CheckoutProgressed.name])
            #expect(
                try await scene.tell(ConfirmRefusedHandler(runner: runner), scene.confirmRefused).messageNames.isEmpty)
            let checkout = try await scene.read().get()
            #expect(checkout.state == .refunding)
            #expect(checkout.reason == "occurrence_canceled")
        }
    }

    @Test("A message about a checkout of another organisation is an error, and moves nothing")
    func foreignMessage() async throws {
        try await CheckoutScene.with { scene in
            try await scene.begin()
            await #expect(throws: UnknownSaga.self) {
                try await scene.database.deliver(
                    [scene.held], to: TicketsHeldHandler(runner: scene.runner),
                    organizationID: OrganizationID(UUID()), at: CheckoutScene.start)
            }
            #expect(try await scene.read().get().state == .holding)
        }
    }

    @Test("Two hundred checkouts of many organisations move in one batch")
    func batch() async throws {
        try await ServiceDatabase.with(.coordinator, migrations: coordinatorMigrations) { database in
            let scenes = (0..<200).map { _ in CheckoutScene(database: database) }
            for scene in scenes { try await scene.begin() }
            let received = scenes.map { scene in
                Received(
                    envelope: Envelope(
                        id: UUID(), type: TicketsHeld.name, occurredAt: CheckoutScene.start,
                        organizationID: scene.organizationID, appID: "tests"),
                    body: scene.held)
            }
            let moment = Moment(now: CheckoutScene.start) { 7 }
            let effects = try await database.client.withTransaction { transaction in
                try TicketsHeldHandler(runner: scenes[0].runner).handle(received, in: transaction, at: moment)
            }
            let changes = effects.messages(CheckoutProgressed.self)
            #expect(changes.map(\.checkout.id) == scenes.map(\.checkoutID))
            #expect(changes.allSatisfy { $0.checkout.state == .awaitingPayment })
            let states = try await database.client.query("SELECT DISTINCT state, version FROM checkouts")
                .decode((String, Int).self)
            #expect(states.map(\.0) == ["awaiting_payment"])
            #expect(states.map(\.1) == [2])
        }
    }

    @Test("Two processes that hear of one checkout at once let it move once")
    func concurrency() async throws {
        try await CheckoutScene.with { scene in
            try await scene.begin()
            try await scene.tell(TicketsHeldHandler(runner: scene.runner), scene.held)
            let charges = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<8 {
                    group.addTask {
                        let payment = PayCheckout(
                            checkoutID: scene.checkoutID, chargeID: ChargeID(UUID()), instrument: .example)
                        let answer = try await scene.ask(PayCheckoutHandler(runner: scene.runner), payment)
                        return [answer.effects].messages(Charge.self).count
                    }
                }
                return try await group.reduce(0, +)
            }
            #expect(charges == 1)
            #expect(try await scene.read().get().version == 3)
        }
    }
}
