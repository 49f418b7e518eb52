import Contracts
import Foundation
import Messaging
import Postgres
import TestSupport
import Testing

@testable import Coordinator

@Suite("A checkout's timer")
struct CheckoutTimerTests {
    private func timerCount(_ scene: CheckoutScene) async throws -> Int {
        try await scene.database.client.query("SELECT count(*) FROM checkout_timers").decodeOne(Int.self)
    }

    @Test("An unpaid checkout expires at its hold's end, not before and only once")
    func expiry() async throws {
        try await CheckoutScene.with { scene in
            let sweep = SagaTimerSweep.checkouts
            try await scene.begin()
            try await scene.tell(TicketsHeldHandler(runner: scene.runner), scene.held)
            let early = try await scene.database.run(sweep, at: CheckoutScene.holdEnd - .milliseconds(1))
            #expect(early.effects.messages.isEmpty)
            #expect(try await timerCount(scene) == 1)

            let due = try await scene.database.run(sweep, at: CheckoutScene.holdEnd)
            #expect([due.effects].messageNames == [ReleaseHold.name, CheckoutProgressed.name, CheckoutEnded.name])
            #expect([due.effects].messages(ReleaseHold.self).map(\.reason) == [.expired])
            #expect(due.effects.messages.allSatisfy { $0.organizationID == scene.organizationID })
            #expect(try await timerCount(scene) == 0)
            #expect(try await scene.database.run(sweep, at: CheckoutScene.holdEnd).effects.messages.isEmpty)

            try await scene.tell(HoldReleasedHandler(runner: scene.runner), scene.released)
            try await scene.tell(HoldReleasedHandler(runner: scene.runner), scene.released)
            let history = try await scene.history()
            #expect(
                history.map(\.message) == [
                    StartCheckout.name, TicketsHeld.name, "coordinator.hold-ended", HoldReleased.name,
                ])
            #expect(try await scene.pay(at: CheckoutScene.holdEnd).refusal == .holdExpired)
        }
    }

    @Test("While a charge is in flight nothing is released; its late success still brings the tickets")
    func lateSuccess() async throws {
        try await CheckoutScene.with { scene in
            let runner = scene.runner
            try await scene.begin()
            try await scene.tell(TicketsHeldHandler(runner: runner), scene.held)
            try await scene.pay()
            let fired = try await scene.database.run(SagaTimerSweep.checkouts, at: CheckoutScene.holdEnd)
            #expect(fired.effects.messages.isEmpty)
            #expect(try await scene.read().get().state == .paying)

            let late = CheckoutScene.holdEnd + .seconds(5)
            let confirming = try await scene.tell(
                ChargeSucceededHandler(runner: runner), scene.success, at: late)
            #expect(confirming.messageNames == [ConfirmTickets.name, CheckoutProgressed.name])
        }
    }

    @Test("A charge that fails after the hold's end releases the places")
    func lateFailure() async throws {
        try await CheckoutScene.with { scene in
            let runner = scene.runner
            try await scene.begin()
            try await scene.tell(TicketsHeldHandler(runner: runner), scene.held)
            try await scene.pay()
            _ = try await scene.database.run(SagaTimerSweep.checkouts, at: CheckoutScene.holdEnd)
            let failed = try await scene.tell(
                ChargeFailedHandler(runner: runner), scene.failure, at: CheckoutScene.holdEnd + .seconds(5))
            #expect(failed.messageNames == [ReleaseHold.name, CheckoutProgressed.name, CheckoutEnded.name])
            #expect(try await scene.read().get().state == .expired)
        }
    }

    @Test("A timer of a checkout that is over fires without effect and goes")
    func stale() async throws {
        try await CheckoutScene.with { scene in
            try await scene.begin()
            try await scene.cancel()
            let result = try await scene.database.run(
                SagaTimerSweep.checkouts, at: CheckoutScene.holdEnd)
            #expect(result.effects.messages.isEmpty)
            #expect(try await timerCount(scene) == 0)
            #expect(try await scene.history().count == 2)
        }
    }

    @Test("A sweep takes a limited number, says whether more wait, and misses none")
    func limit() async throws {
        try await ServiceDatabase.with(.coordinator, migrations: coordinatorMigrations) { database in
            let scenes = (0..<250).map { _ in CheckoutScene(database: database) }
            for scene in scenes { try await scene.begin() }
            let sweep = SagaTimerSweep.checkouts
            let first = try await database.run(sweep, at: CheckoutScene.holdEnd)
            let second = try await database.run(sweep, at: CheckoutScene.holdEnd)
            #expect(first.hasMore)
            #expect(!second.hasMore)
            let expired = [first.effects, second.effects].messages(ReleaseHold.self).map(\.checkoutID)
            #expect(expired.count == 250)
            #expect(Set(expired) == Set(scenes.map(\.checkoutID)))
        }
    }

    @Test("Timers that another process is taking are skipped, not waited for")
    func skipLocked() async throws {
        try await CheckoutScene.with { scene in
            try await scene.begin()
            let other = CheckoutScene(database: scene.database)
            try await other.begin()
            let client = scene.database.client
            let rendezvous = Rendezvous()
            // One process holds the first timer until the other has swept.
            async let holder: Void = client.withTransaction { transaction in
                try transaction.execute(
                    "SELECT FROM checkout_timers WHERE checkout_id = \(scene.checkoutID) FOR UPDATE")
                rendezvous.open(.locked)
                rendezvous.wait(for: .swept)
            }
            await rendezvous.passed(.locked)
            let result = try await scene.database.run(
                SagaTimerSweep.checkouts, at: CheckoutScene.holdEnd)
            rendezvous.open(.swept)
            try await holder
            #expect([result.effects].messages(ReleaseHold.self).map(\.checkoutID) == [other.checkoutID])
        }
    }
}
