import Contracts
import Foundation
import Messaging
import Postgres
import TestSupport
import Testing

@testable import Coordinator

@Suite("What buyers ask of a checkout")
struct CheckoutRequestTests {
    @Test("Starting the same checkout again answers with it as it stands and asks for nothing twice")
    func startAgain() async throws {
        try await CheckoutScene.with { scene in
            try await scene.begin()
            try await scene.tell(TicketsHeldHandler(runner: scene.runner), scene.held)
            let again = try await scene.begin()
            #expect(try again.reply.get().state == .awaitingPayment)
            #expect(again.effects.messages.isEmpty)
            #expect(try await scene.history().count == 2)
        }
    }

    @Test(
        "Messages about checkouts of several organisations lock them by organisation, as requests that travel together do"
    )
    func lockOrder() async throws {
        try await CheckoutScene.with { scene in
            // The ids are in one order, their organisations in the other.
            let ids = [UUID(), UUID()].sorted()
            let organizationIDs = [UUID(), UUID()].sorted().reversed().map { OrganizationID($0) }
            let keys = zip(ids, organizationIDs).map { SagaKey($0, of: $1) }
            for key in keys {
                var request = scene.startRequest
                request.checkoutID = CheckoutID(key.id)
                request.orderID = OrderID(UUID())
                _ = try await scene.database.ask(
                    [request], of: StartCheckoutHandler(runner: scene.runner), organizationID: key.organizationID,
                    at: CheckoutScene.start)
            }
            let isFree = try await scene.database.leavesFree(
                "SELECT FROM checkouts WHERE id = \(ids[0]) FOR UPDATE NOWAIT",
                whileWaitingFor: "SELECT FROM checkouts WHERE id = \(ids[1]) FOR UPDATE"
            ) { transaction in
                let read = try SagaStore<CheckoutSaga>(transaction: transaction).lock(Set(keys))
                guard read.sagas.count == 2 else { throw PostgresError(.misuse, "not both were locked") }
            }
            #expect(isFree)
        }
    }

    @Test("Requests of one batch each get their own answer: new, repeated and wrong; a taken order is refused")
    func startBatch() async throws {
        try await CheckoutScene.with { scene in
            var wrong = scene.startRequest
            wrong.checkoutID = CheckoutID(UUID())
            wrong.draft.items = []
            var taken = scene.startRequest
            taken.checkoutID = CheckoutID(UUID())
            let requests = [scene.startRequest, scene.startRequest, wrong]
            let answers = try await scene.database.ask(
                requests, of: StartCheckoutHandler(runner: scene.runner), organizationID: scene.organizationID,
                at: CheckoutScene.start)
            #expect(answers.map(\.refusal) == [nil, nil, .validationFailed])
            #expect(answers.map(\.effects.messages.count) == [1, 0, 0])
            let refused = try await scene.ask(StartCheckoutHandler(runner: scene.runner), taken)
            #expect(refused.refusal == .conflict)
            #expect(try await scene.history().count == 1)
        }
    }

    @Test("A checkout starts once, however many processes start it at once")
    func startConcurrently() async throws {
        try await CheckoutScene.with { scene in
            let holds = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<8 {
                    group.addTask { [try await scene.begin().effects].messages(HoldTickets.self).count }
                }
                return try await group.reduce(0, +)
            }
            #expect(holds == 1)
        }
    }

    @Test("Another organisation finds no such checkout, whatever it asks")
    func otherOrganization() async throws {
        try await CheckoutScene.with { scene in
            try await scene.begin()
            try await scene.tell(TicketsHeldHandler(runner: scene.runner), scene.held)
            let stranger = OrganizationID(UUID())
            let read = try await scene.ask(
                GetCheckoutHandler(), GetCheckout(checkoutID: scene.checkoutID), as: stranger)
            #expect(read.refusal == .notFound)
            let paid = try await scene.ask(PayCheckoutHandler(runner: scene.runner), scene.payment, as: stranger)
            #expect(paid.refusal == .notFound)
            let canceled = try await scene.ask(
                CancelCheckoutHandler(runner: scene.runner), CancelCheckout(checkoutID: scene.checkoutID),
                as: stranger)
            #expect(canceled.refusal == .notFound)
            await #expect(throws: Problem.notFound("checkout")) { try await scene.history(as: stranger) }
            let started = try await scene.ask(
                StartCheckoutHandler(runner: scene.runner), scene.startRequest, as: stranger)
            #expect(started.refusal == .conflict)
            #expect(try await scene.read().get().state == .awaitingPayment)
        }
    }

    @Test("Row-level security hides the tables from whoever names no organisation")
    func failsClosed() async throws {
        try await CheckoutScene.with { scene in
            // A row in every table: the policy is only asked where there is one.
            try await scene.complete()
            let quote = RefundQuote(
                checkoutID: scene.checkoutID, occurrenceID: scene.occurrenceID, amountCents: 5000, currency: .zar,
                ticketIDs: scene.ticketIDs)
            try await scene.ask(
                StartRefundHandler(),
                StartRefund(
                    refundID: .example, orderID: scene.orderID, draft: RefundDraft(reason: "Ill."), quote: quote))
            var canceled = OccurrenceCanceled.example
            canceled.organizationID = scene.organizationID
            try await scene.tell(OccurrenceCanceledHandler(), canceled)
            var unasked = scene.success
            unasked.chargeID = ChargeID(UUID())
            try await scene.tell(ChargeSucceededHandler(runner: scene.runner), unasked)
            let stranger = scene.database.tenantScope(OrganizationID(UUID()))
            for table in [
                "checkouts", "checkout_history", "checkout_timers", "refunds", "refund_history", "refund_timers",
                "cancellations", "cancellation_history", "cancellation_timers", "incidents",
            ] {
                let seen = try await scene.database.client.withTransaction(scope: stranger) { transaction in
                    try transaction.query("SELECT count(*) FROM \(unescaped: table)").decodeOne(Int.self)
                }
                #expect(seen == 0, "\(table)")
                await #expect(throws: PostgresError.self, "\(table)") {
                    try await scene.database.client.withTransaction { transaction in
                        try transaction.execute("SET LOCAL ROLE coordinator_tenant")
                        try transaction.query("SELECT count(*) FROM \(unescaped: table)")
                    }
                }
            }
        }
    }

    @Test("History is never changed or removed, not even by the service")
    func historyIsImmutable() async throws {
        try await CheckoutScene.with { scene in
            try await scene.begin()
            let statements = ["checkout_history", "refund_history", "cancellation_history"].flatMap { table in
                ["UPDATE \(table) SET message = ''", "DELETE FROM \(table)"]
            }
            for statement in statements {
                let error = await #expect(throws: PostgresError.self) {
                    try await scene.database.client.withTransaction(scope: scene.database.serviceScope) {
                        try $0.execute("\(unescaped: statement)")
                    }
                }
                #expect(error?.sqlState == "42501", "\(statement)")
            }
        }
    }

    @Test("Canceling gives the places back once, and is refused once money is under way")
    func cancel() async throws {
        try await CheckoutScene.with { scene in
            try await scene.begin()
            let canceled = try await scene.cancel()
            #expect([canceled.effects].messageNames == [ReleaseHold.name, CheckoutProgressed.name, CheckoutEnded.name])
            let again = try await scene.cancel()
            #expect(again.effects.messages.isEmpty)
            #expect(try again.reply.get().state == .canceled)

            let other = CheckoutScene(database: scene.database)
            try await other.begin()
            try await other.tell(TicketsHeldHandler(runner: other.runner), other.held)
            try await other.pay()
            #expect(try await other.cancel().refusal == .conflict)
        }
    }

    @Test("A payment without a token, or too late, is refused and stores nothing")
    func payRefused() async throws {
        try await CheckoutScene.with { scene in
            try await scene.begin()
            #expect(try await scene.pay().refusal == .conflict)
            try await scene.tell(TicketsHeldHandler(runner: scene.runner), scene.held)
            var wrong = scene.payment
            wrong.instrument.token = ""
            let answer = try await scene.ask(PayCheckoutHandler(runner: scene.runner), wrong)
            #expect(answer.refusal == .validationFailed)
            #expect(try await scene.pay(at: CheckoutScene.holdEnd).refusal == .holdExpired)
            #expect(try await scene.history().count == 2)
        }
    }
}
