import Contracts
import Foundation
import Messaging
import Postgres
import TestSupport
import Testing

@testable import Coordinator

@Suite("Refunds in the database")
struct RefundFlowTests {
    private let refundID = RefundID(UUID())

    private func start(_ scene: CheckoutScene) -> StartRefund {
        StartRefund(
            refundID: refundID, orderID: scene.orderID, draft: RefundDraft(reason: "Ill."),
            quote: RefundQuote(
                checkoutID: scene.checkoutID, occurrenceID: scene.occurrenceID, amountCents: 5000, currency: .zar,
                ticketIDs: scene.ticketIDs))
    }

    private func prepared(_ scene: CheckoutScene) -> RefundPrepared {
        var prepared = RefundPrepared.example
        prepared.refundID = refundID
        prepared.orderID = scene.orderID
        prepared.checkoutID = scene.checkoutID
        prepared.chargeID = scene.chargeID
        return prepared
    }

    private func succeeded(_ scene: CheckoutScene) -> RefundSucceeded {
        RefundSucceeded(
            refundID: refundID, chargeID: scene.chargeID, checkoutID: scene.checkoutID, orderID: scene.orderID,
            amountCents: 5000, currency: .zar, provider: "sandbox", providerReference: "r", refundedAt: .example)
    }

    private func refunded(_ scene: CheckoutScene) -> OrderRefunded {
        var refunded = OrderRefunded.example
        refunded.refundID = refundID
        refunded.orderID = scene.orderID
        refunded.checkoutID = scene.checkoutID
        refunded.tickets = scene.ticketIDs.map {
            RefundedTicket(id: $0, ticketTypeID: .example, amountCents: 2500, wasCheckedIn: false)
        }
        return refunded
    }

    private func details(
        _ scene: CheckoutScene, as reader: OrganizationID? = nil
    ) async throws -> Result<
        RefundDetails, Problem
    > {
        try await scene.ask(GetRefundHandler(), GetRefund(refundID: refundID), as: reader).reply
    }

    @Test("From the wish to the refunded order; every message again changes nothing")
    func journey() async throws {
        try await CheckoutScene.with { scene in
            try await scene.complete()
            let begun = try await scene.ask(StartRefundHandler(), start(scene))
            #expect(try begun.reply.get().state == .requested)
            #expect([begun.effects].messageNames == [PrepareRefund.name])
            #expect(begun.effects.messages.allSatisfy { $0.correlationID == refundID.rawValue })
            let again = try await scene.ask(StartRefundHandler(), start(scene))
            #expect(try again.reply.get().id == refundID)
            #expect(again.effects.messages.isEmpty)

            #expect(try await scene.tell(RefundPreparedHandler(), prepared(scene)).messageNames == [Refund.name])
            #expect(try await scene.tell(RefundPreparedHandler(), prepared(scene)).messageNames.isEmpty)
            #expect(
                try await scene.tell(RefundSucceededHandler(), succeeded(scene)).messageNames == [CompleteRefund.name])
            #expect(try await scene.tell(RefundSucceededHandler(), succeeded(scene)).messageNames.isEmpty)
            #expect(
                try await scene.tell(OrderRefundedHandler(), refunded(scene)).messageNames == [CheckoutProgressed.name])
            #expect(try await scene.tell(OrderRefundedHandler(), refunded(scene)).messageNames.isEmpty)
            #expect(try await details(scene).get().state == .completed)
            #expect(try await scene.read().get().tickets.allSatisfy { $0.status == .refunded && $0.code == nil })
            let history = try await scene.ask(GetRefundHistoryHandler(), GetRefundHistory(refundID: refundID))
            #expect(
                try history.reply.get().data.map(\.message) == [
                    StartRefund.name, RefundPrepared.name, RefundSucceeded.name, OrderRefunded.name,
                ])
        }
    }

    @Test("A refund is refused for an order that is not there, not completed, or another organisation's")
    func refusals() async throws {
        try await CheckoutScene.with { scene in
            #expect(try await scene.ask(StartRefundHandler(), start(scene)).refusal == .notFound)
            try await scene.begin()
            #expect(try await scene.ask(StartRefundHandler(), start(scene)).refusal == .conflict)
            try await scene.finish()
            let stranger = OrganizationID(UUID())
            #expect(try await scene.ask(StartRefundHandler(), start(scene), as: stranger).refusal == .notFound)
            try await scene.ask(StartRefundHandler(), start(scene))
            await #expect(throws: Problem.notFound("refund")) { try await details(scene, as: stranger) }
        }
    }

    @Test("Money kept by the provider makes the tickets admit again; the late word is heard once")
    func kept() async throws {
        try await CheckoutScene.with { scene in
            try await scene.complete()
            try await scene.ask(StartRefundHandler(), start(scene))
            try await scene.tell(RefundPreparedHandler(), prepared(scene))
            let failure = RefundFailed(
                refundID: refundID, chargeID: scene.chargeID, checkoutID: scene.checkoutID, orderID: scene.orderID,
                reason: .providerRefused, detail: "No.")
            #expect(try await scene.tell(RefundFailedHandler(), failure).messageNames == [AbandonRefund.name])
            #expect(try await scene.tell(RefundFailedHandler(), failure).messageNames.isEmpty)
            let pending = RefundPending(
                refundID: refundID, chargeID: scene.chargeID, checkoutID: scene.checkoutID, orderID: scene.orderID)
            #expect(try await scene.tell(RefundPendingHandler(), pending).messageNames.isEmpty)
            let abandoned = RefundAbandoned(
                refundID: refundID, orderID: scene.orderID, occurrenceID: scene.occurrenceID,
                ticketIDs: scene.ticketIDs, orderVersion: 2, abandonedAt: .example)
            #expect(try await scene.tell(RefundAbandonedHandler(), abandoned).messageNames.isEmpty)
            #expect(try await details(scene).get().state == .failed)
            #expect(try await details(scene).get().failure == "provider_refused")
        }
    }

    @Test("What Ticketing refuses ends the refund")
    func refused() async throws {
        try await CheckoutScene.with { scene in
            try await scene.complete()
            try await scene.ask(StartRefundHandler(), start(scene))
            let refusal = RefundRefused(
                refundID: refundID, orderID: scene.orderID, occurrenceID: scene.occurrenceID, reason: .policy,
                detail: "Too late.")
            for _ in 1...2 {
                #expect(try await scene.tell(RefundRefusedHandler(), refusal).messageNames.isEmpty)
            }
            #expect(try await details(scene).get().state == .refused)
        }
    }

    @Test("Useless money is its checkout's, an order's refund its own saga's, in one batch")
    func mixedBatch() async throws {
        try await CheckoutScene.with { scene in
            try await scene.complete()
            try await scene.ask(StartRefundHandler(), start(scene))
            try await scene.tell(RefundPreparedHandler(), prepared(scene))
            let other = CheckoutScene(database: scene.database, organizationID: scene.organizationID)
            try await other.begin()
            try await other.tell(TicketsHeldHandler(runner: other.runner), other.held)
            try await other.pay()
            try await other.tell(ChargeSucceededHandler(runner: other.runner), other.success)
            let undone = try await other.tell(ConfirmRefusedHandler(runner: other.runner), other.confirmRefused)
            #expect(undone.messageNames == [Refund.name, CheckoutProgressed.name])
            let useless = RefundSucceeded(
                refundID: RefundID(other.chargeID.rawValue), chargeID: other.chargeID, checkoutID: other.checkoutID,
                orderID: other.orderID, amountCents: 5000, currency: .zar, provider: "sandbox",
                providerReference: "u", refundedAt: .example)
            let effects = try await scene.tell(RefundSucceededHandler(), useless, succeeded(scene), useless)
            #expect(
                effects.map { [$0].messageNames } == [
                    [CheckoutProgressed.name, CheckoutEnded.name], [CompleteRefund.name], [],
                ])
            #expect(try await other.read().get().state == .refunded)
        }
    }

    @Test("Nobody answers: the command is repeated by its timer, and an incident is raised and resolved")
    func overdue() async throws {
        try await CheckoutScene.with { scene in
            try await scene.complete()
            try await scene.ask(StartRefundHandler(), start(scene))
            func openIncidents() async throws -> [String] {
                try await scene.database.client.query(
                    "SELECT kind FROM incidents WHERE saga_id = \(refundID) AND resolved_at IS NULL"
                ).decode(String.self)
            }
            var time = CheckoutScene.start
            for count in 0..<Patience.remindersBeforeIncident {
                #expect(try await openIncidents().isEmpty)
                time = time + Patience.wait(afterReminders: count)
                let result = try await scene.database.run(SagaTimerSweep.refunds, at: time)
                #expect([result.effects].messageNames == [PrepareRefund.name])
            }
            #expect(try await openIncidents() == ["answer_overdue"])
            try await scene.tell(RefundPreparedHandler(), prepared(scene), at: time)
            #expect(try await openIncidents().isEmpty)
        }
    }

    @Test("A refund that another version wrote holds up no other, and an operator is told")
    func unreadable() async throws {
        try await CheckoutScene.with { scene in
            try await scene.complete()
            try await scene.ask(StartRefundHandler(), start(scene))
            try await scene.database.client.withTransaction { transaction in
                try transaction.execute("UPDATE refunds SET saga = '{}' WHERE id = \(refundID)")
            }
            let other = CheckoutScene(database: scene.database)
            try await other.begin()
            let time = CheckoutScene.start + .seconds(60)
            _ = try await scene.database.run(SagaTimerSweep.refunds, at: time)
            let kinds = try await scene.database.client.query("SELECT kind FROM incidents").decode(String.self)
            #expect(kinds == ["unreadable"])
            let dueAt = try await scene.database.client.query("SELECT due_at FROM refund_timers").decodeOne(
                Timestamp.self)
            #expect(dueAt == time + .seconds(300))
            await #expect(throws: UnreadableSaga.self) {
                try await scene.tell(RefundPreparedHandler(), prepared(scene))
            }
        }
    }
}
