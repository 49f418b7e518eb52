import Contracts
import Foundation
import Messaging
import Postgres
import TestSupport
import Testing

@testable import Coordinator

@Suite("Cancellations in the database")
struct CancellationFlowTests {
    private func canceled(_ scene: CheckoutScene) -> OccurrenceCanceled {
        var canceled = OccurrenceCanceled.example
        canceled.occurrenceID = scene.occurrenceID
        canceled.organizationID = scene.organizationID
        canceled.canceledAt = CheckoutScene.start
        return canceled
    }

    private func details(_ scene: CheckoutScene) async throws -> CancellationDetails {
        try await scene.ask(GetCancellationHandler(), GetCancellation(occurrenceID: scene.occurrenceID)).reply.get()
    }

    private func finish(_ refundID: RefundID, of scene: CheckoutScene) async throws {
        var prepared = RefundPrepared.example
        prepared.refundID = refundID
        prepared.chargeID = scene.chargeID
        try await scene.tell(RefundPreparedHandler(), prepared)
        try await scene.tell(
            RefundSucceededHandler(),
            RefundSucceeded(
                refundID: refundID, chargeID: scene.chargeID, checkoutID: scene.checkoutID, orderID: scene.orderID,
                amountCents: 5000, currency: .zar, provider: "sandbox", providerReference: "r", refundedAt: .example))
        var refunded = OrderRefunded.example
        refunded.refundID = refundID
        refunded.orderID = scene.orderID
        refunded.checkoutID = scene.checkoutID
        try await scene.tell(OrderRefundedHandler(), refunded)
    }

    @Test("Every completed order is refunded, what is unpaid is given up, and progress is seen until the end")
    func journey() async throws {
        try await CheckoutScene.with { first in
            let scenes = [first] + (1..<3).map { _ in CheckoutScene(sharing: first) }
            for scene in scenes { try await scene.complete() }
            let unpaid = CheckoutScene(sharing: first)
            try await unpaid.begin()
            try await unpaid.tell(TicketsHeldHandler(runner: unpaid.runner), unpaid.held)
            let elsewhere = CheckoutScene(database: first.database, organizationID: first.organizationID)
            try await elsewhere.complete()

            for _ in 1...2 { try await first.tell(OccurrenceCanceledHandler(), canceled(first)) }
            let swept = try await first.database.run(CancellationSweep(), at: CheckoutScene.start)
            let prepared = [swept.effects].messages(PrepareRefund.self)
            #expect(Set(prepared.map(\.orderID)) == Set(scenes.map(\.orderID)))
            #expect(prepared.allSatisfy { $0.cause == .occurrenceCanceled && $0.draft.reason == "The artist is ill." })
            #expect([swept.effects].messages(ReleaseHold.self).map(\.orderID) == [unpaid.orderID])
            #expect(try await details(first).ordersTotal == 3)
            #expect(try await details(first).ordersPending == 3)

            var time = CheckoutScene.start
            for (index, scene) in scenes.enumerated() {
                try await finish(RefundID(scene.orderID.rawValue), of: scene)
                time = time + .seconds(30)
                let result = try await first.database.run(CancellationSweep(), at: time)
                #expect(result.effects.messages.isEmpty)
                let progress = try await details(first)
                #expect(progress.ordersRefunded == index + 1)
                #expect(progress.state == (index == 2 ? .completed : .refunding))
            }
            #expect(try await details(first).refundedCents == 15_000)
            #expect(try await elsewhere.read().get().state == .completed)
            let history = try await first.ask(
                GetCancellationHistoryHandler(), GetCancellationHistory(occurrenceID: first.occurrenceID))
            #expect(try history.reply.get().data.first?.message == OccurrenceCanceled.name)
            #expect(try await first.read().get().state == .completed)
        }
    }

    @Test("A payment that was under way is refunded when it has become an order")
    func latePayment() async throws {
        try await CheckoutScene.with { scene in
            try await scene.begin()
            try await scene.tell(TicketsHeldHandler(runner: scene.runner), scene.held)
            try await scene.pay()
            try await scene.tell(OccurrenceCanceledHandler(), canceled(scene))
            let early = try await scene.database.run(CancellationSweep(), at: CheckoutScene.start)
            #expect(early.effects.messages.isEmpty)
            #expect(try await details(scene).ordersPending == 1)
            try await scene.tell(ChargeSucceededHandler(runner: scene.runner), scene.success)
            try await scene.tell(OrderCompletedHandler(runner: scene.runner), scene.completed)
            let late = try await scene.database.run(CancellationSweep(), at: CheckoutScene.start + .seconds(1))
            #expect([late.effects].messages(PrepareRefund.self).map(\.orderID) == [scene.orderID])
        }
    }

    @Test("More checkouts than a page holds are all looked at, each refunded once")
    func pages() async throws {
        try await CheckoutScene.with { first in
            let scenes = (0..<(CancellationSweep.pageSize + 5)).map { _ in CheckoutScene(sharing: first) }
            for scene in scenes { try await scene.complete() }
            try await first.tell(OccurrenceCanceledHandler(), canceled(first))
            var orders: [OrderID] = []
            for _ in 0..<3 {
                let result = try await first.database.run(CancellationSweep(), at: CheckoutScene.start)
                orders += [result.effects].messages(PrepareRefund.self).map(\.orderID)
            }
            #expect(orders.count == scenes.count)
            #expect(Set(orders) == Set(scenes.map(\.orderID)))
        }
    }

    @Test("A refund that the provider refuses leaves the cancellation incomplete, where an operator sees it")
    func incomplete() async throws {
        try await CheckoutScene.with { scene in
            try await scene.complete()
            try await scene.tell(OccurrenceCanceledHandler(), canceled(scene))
            _ = try await scene.database.run(CancellationSweep(), at: CheckoutScene.start)
            let refundID = RefundID(scene.orderID.rawValue)
            var prepared = RefundPrepared.example
            prepared.refundID = refundID
            prepared.chargeID = scene.chargeID
            try await scene.tell(RefundPreparedHandler(), prepared)
            try await scene.tell(
                RefundFailedHandler(),
                RefundFailed(
                    refundID: refundID, chargeID: scene.chargeID, checkoutID: scene.checkoutID,
                    orderID: scene.orderID, reason: .providerRefused, detail: "No."))
            _ = try await scene.database.run(CancellationSweep(), at: CheckoutScene.start + .seconds(30))
            #expect(try await details(scene).state == .incomplete)
            #expect(try await details(scene).ordersFailed == 1)
            let kinds = try await scene.database.client.query(
                "SELECT kind FROM incidents WHERE resolved_at IS NULL ORDER BY kind"
            ).decode(String.self)
            #expect(kinds == ["cancellation_incomplete", "refund_failed"])
        }
    }

    @Test("Another organisation reads nothing of it")
    func foreign() async throws {
        try await CheckoutScene.with { scene in
            try await scene.tell(OccurrenceCanceledHandler(), canceled(scene))
            await #expect(throws: Problem.notFound("cancellation")) {
                try await scene.ask(
                    GetCancellationHandler(), GetCancellation(occurrenceID: scene.occurrenceID),
                    as: OrganizationID(UUID()))
            }
        }
    }
}
