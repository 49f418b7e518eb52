import Contracts
import Foundation
import Messaging
import TestSupport
import Testing

@testable import Notifications

@Suite("What buyers and organisers hear of refunds")
struct RefundNewsTests {
    private func prepared(
        _ order: OrderCompleted, _ cause: RefundCause = .requested, tickets: [Int], version: Int = 1
    ) -> RefundPrepared {
        var refund = RefundPrepared.example
        refund.refundID = RefundID(UUID())
        refund.orderID = order.orderID
        refund.organizationID = order.organizationID
        refund.buyer = order.buyer
        refund.ticketIDs = tickets.map { order.tickets[$0].id }
        refund.orderVersion = version
        refund.cause = cause
        return refund
    }

    private func refunded(_ refund: RefundPrepared, version: Int = 2) -> OrderRefunded {
        var done = OrderRefunded.example
        done.refundID = refund.refundID
        done.orderID = refund.orderID
        done.organizationID = refund.organizationID
        done.buyer = refund.buyer
        done.amountCents = refund.amountCents
        done.tickets = refund.ticketIDs.map {
            RefundedTicket(id: $0, ticketTypeID: .example, amountCents: 2500, wasCheckedIn: false)
        }
        done.orderVersion = version
        done.cause = refund.cause
        return done
    }

    private func abandoned(_ refund: RefundPrepared, version: Int = 2) -> RefundAbandoned {
        RefundAbandoned(
            refundID: refund.refundID, orderID: refund.orderID, occurrenceID: .example, ticketIDs: refund.ticketIDs,
            orderVersion: version, abandonedAt: .example)
    }

    private func mail(_ jobs: [NewJob], _ scene: NotificationsScene, _ relay: LocalServer) async throws -> ReceivedMail
    {
        let letters = jobs.ofKind(MailLetterJob.kind)
        #expect(letters.count == 1)
        let job = try scene.letterJob(relayPort: relay.port)
        #expect(try await scene.perform(letters, with: job).jobs.isEmpty)
        // The job that comes again after its letter was recorded sends nothing.
        #expect(try await scene.perform(letters, with: job).jobs.isEmpty)
        return try JSONDecoder().decode(ReceivedMail.self, from: Data(try await relay.nextLine().utf8))
    }

    private func isRendered(_ ticket: IssuedTicket, _ scene: NotificationsScene) async throws -> Bool {
        let refusals = try await [DocumentFormat.pdf, .png].asyncMap { format in
            try await scene.refusal(RenderTicket(ticketID: ticket.id, format: format), of: RenderTicketHandler())
        }
        #expect(Set(refusals).count == 1)
        if let refusal = refusals[0] { #expect(refusal == .conflict) }
        return refusals[0] == nil
    }

    @Test("The buyer of a canceled occurrence is told at once, once, and again when the money is back")
    func canceled() async throws {
        let relay = try await LocalServer(script: PackageResources.mail_relay_py)
        try await NotificationsScene.with { scene in
            let order = scene.order()
            let refund = prepared(order, .occurrenceCanceled, tickets: [0, 1])
            let effects = try await scene.hear([refund, refund], by: RefundPreparedHandler())
            #expect(effects.map(\.jobs.count) == [1, 0])
            #expect(try await scene.hear([refund], by: RefundPreparedHandler()).jobs.isEmpty)
            let first = try await mail(effects.jobs, scene, relay)
            #expect(first.recipients == [order.buyer.email])
            #expect(first.subject.hasPrefix("Canceled: Night of the Proms"))
            #expect(first.text.contains("The artist is ill."))
            #expect(first.text.contains("go back the way you paid"))
            #expect(first.html.contains("The artist is ill."))

            let done = try await scene.hear([refunded(refund), refunded(refund)], by: OrderRefundedHandler())
            #expect(done.map { $0.jobs.count } == [1, 0])
            let second = try await mail(done.jobs, scene, relay)
            #expect(second.subject.contains("refunded"))
            #expect(second.text.contains("No longer valid: 2 tickets"))
            #expect(second.text.contains("The artist is ill."))
        }
        #expect(await relay.remainingLines().isEmpty)
    }

    @Test("A refund that was asked for is told of when it is done, to the buyer and to webhooks")
    func requested() async throws {
        let relay = try await LocalServer(script: PackageResources.mail_relay_py)
        try await NotificationsScene.with { scene in
            let endpoint = try await scene.endpoint(types: [.refundCompleted])
            let refund = prepared(scene.order(), tickets: [])
            #expect(try await scene.hear([refund], by: RefundPreparedHandler()).jobs.isEmpty)
            let effects = try await scene.hear([refunded(refund)], by: OrderRefundedHandler())
            #expect(effects.jobs.ofKind(DeliverWebhookJob.kind).count == 1)
            let letter = try await mail(effects.jobs, scene, relay)
            #expect(letter.text.contains("Your tickets stay valid."))
            let delivery = try await scene.delivery(endpoint.id)
            #expect(delivery.eventType == .refundCompleted)
            let data = try #require(delivery.payload["data"])
            #expect(data["refund_id"] == .string(refund.refundID.description))
            #expect(data["order_id"] == .string(refund.orderID.description))
            #expect(data["amount_cents"] == .integer(refund.amountCents))
            #expect(data["ticket_ids"] == .array([]))
            #expect(data["cause"] == .string("requested"))
            #expect(try await scene.hear([refunded(refund)], by: OrderRefundedHandler()).jobs.isEmpty)
        }
    }

    @Test("A canceled free order is told of once: there is no money to write about again")
    func free() async throws {
        try await NotificationsScene.with { scene in
            var refund = prepared(scene.order(), .occurrenceCanceled, tickets: [0])
            refund.amountCents = 0
            let effects = try await scene.hear([refund], by: RefundPreparedHandler())
            #expect(effects.jobs.count == 1)
            #expect(try await scene.hear([refunded(refund)], by: OrderRefundedHandler()).jobs.isEmpty)
        }
    }

    @Test("A payment without tickets that went back is told of once, to the buyer and to webhooks")
    func checkout() async throws {
        let relay = try await LocalServer(script: PackageResources.mail_relay_py)
        try await NotificationsScene.with { scene in
            let endpoint = try await scene.endpoint(types: [.refundCompleted])
            var change = CheckoutEnded.example
            change.checkout.id = CheckoutID(UUID())
            change.checkout.state = .refunded
            var refunding = change
            refunding.checkout.state = .refunding
            let effects = try await scene.hear([refunding, change, change], by: CheckoutEndedHandler())
            #expect(effects.map(\.jobs.count) == [0, 2, 0])
            let letter = try await mail(effects.jobs, scene, relay)
            #expect(letter.text.contains("could not be turned into tickets"))
            let quote = try #require(change.checkout.quote)
            #expect(letter.subject.contains(quote.currency.format(quote.totalCents)))
            let data = try #require(try await scene.delivery(endpoint.id).payload["data"])
            #expect(data["checkout_id"] == .string(change.checkout.id.description))
            #expect(data["amount_cents"] == .integer(quote.totalCents))
            #expect(data["cause"] == .string("payment_without_tickets"))
        }
    }

    @Test("A canceled occurrence is told to webhooks once")
    func occurrence() async throws {
        try await NotificationsScene.with { scene in
            let endpoint = try await scene.endpoint(types: [.occurrenceCanceled])
            var event = OccurrenceCanceled.example
            event.organizationID = scene.organizationID
            #expect(
                try await scene.hear([event, event], by: OccurrenceCanceledHandler()).map(\.jobs.count) == [1, 0])
            #expect(try await scene.hear([event], by: OccurrenceCanceledHandler()).jobs.isEmpty)
            let data = try #require(try await scene.delivery(endpoint.id).payload["data"])
            #expect(data["occurrence_id"] == .string(event.occurrenceID.description))
            #expect(data["cause"] == .string("organizer"))
        }
    }

    @Test("A ticket is not drawn while it is taken back, and is again when the refund is off")
    func rendering() async throws {
        try await NotificationsScene.with { scene in
            let order = scene.order()
            // The refund is heard of before the order.
            let refund = prepared(order, tickets: [0], version: 1)
            try await scene.hear([refund], by: RefundPreparedHandler())
            try await scene.complete(order)
            #expect(try await !isRendered(order.tickets[0], scene))
            #expect(try await isRendered(order.tickets[1], scene))
            try await scene.hear([abandoned(refund)], by: RefundAbandonedHandler())
            #expect(try await isRendered(order.tickets[0], scene))
            // The same word again, late, counts no more.
            try await scene.hear([refund], by: RefundPreparedHandler())
            #expect(try await isRendered(order.tickets[0], scene))
        }
    }

    @Test("The newest word about each ticket counts, in whatever order the words come")
    func outOfOrder() async throws {
        try await NotificationsScene.with { scene in
            let order = scene.order(tickets: 3)
            try await scene.complete(order)
            let first = prepared(order, tickets: [0], version: 1)
            let second = prepared(order, tickets: [1], version: 2)
            try await scene.hear([refunded(second, version: 4)], by: OrderRefundedHandler())
            try await scene.hear([abandoned(first, version: 3)], by: RefundAbandonedHandler())
            try await scene.hear([second, first], by: RefundPreparedHandler())
            #expect(try await isRendered(order.tickets[0], scene))
            #expect(try await !isRendered(order.tickets[1], scene))
            #expect(try await isRendered(order.tickets[2], scene))
        }
    }

    @Test("A mail that has not left carries only the tickets that are still valid")
    func partlyRefunded() async throws {
        let relay = try await LocalServer(script: PackageResources.mail_relay_py)
        try await NotificationsScene.with { scene in
            let order = scene.order(tickets: 2)
            let jobs = try await scene.complete(order).jobs
            try await scene.hear([prepared(order, tickets: [0])], by: RefundPreparedHandler())
            try await scene.perform(jobs, with: try scene.mailJob(relayPort: relay.port))
            let mail = try JSONDecoder().decode(ReceivedMail.self, from: Data(try await relay.nextLine().utf8))
            #expect(mail.subject.contains("1 ticket "))
            #expect(
                try await Program.codes(inPDF: try #require(mail.attachments.first)) == [order.tickets[1].code])
        }
    }

    @Test("A mail waits for the end of a refund of all tickets; it is withdrawn when they are refunded")
    func withdrawn() async throws {
        try await NotificationsScene.with { scene in
            let order = scene.order(tickets: 2)
            // Nothing listens on port 1: whatever is sent would be postponed.
            let job = try scene.mailJob(relayPort: 1)
            let jobs = try await scene.complete(order).jobs
            let refund = prepared(order, tickets: [0, 1])
            try await scene.hear([refund], by: RefundPreparedHandler())
            let waiting = try await scene.perform(jobs, with: job).jobs
            #expect(waiting.map(\.dueAt) == [NotificationsScene.now + .seconds(60)])
            #expect(try await scene.count("delivery_attempts") == 0)
            try await scene.hear([refunded(refund)], by: OrderRefundedHandler())
            #expect(try await scene.perform(waiting, with: job).jobs.isEmpty)
            #expect(
                try await scene.texts("SELECT status FROM notifications WHERE kind = 'tickets'") == ["withdrawn"])
            #expect(try await scene.count("delivery_attempts") == 0)
        }
    }

    @Test("A mail that waited leaves when the refund is off")
    func leavesAfterAll() async throws {
        let relay = try await LocalServer(script: PackageResources.mail_relay_py)
        try await NotificationsScene.with { scene in
            let order = scene.order(tickets: 1)
            let job = try scene.mailJob(relayPort: relay.port)
            let refund = prepared(order, tickets: [0])
            try await scene.hear([refund], by: RefundPreparedHandler())
            let waiting = try await scene.perform(try await scene.complete(order).jobs, with: job).jobs
            try await scene.hear([abandoned(refund)], by: RefundAbandonedHandler())
            #expect(try await scene.perform(waiting, with: job).jobs.isEmpty)
            #expect(try await scene.texts("SELECT status FROM notifications") == ["sent"])
        }
        #expect(await relay.remainingLines().count == 1)
    }

    @Test("A relay that refuses a letter for now is asked again, one that refuses for good is not")
    func letterFailures() async throws {
        let relay = try await LocalServer(script: PackageResources.mail_relay_py)
        try await NotificationsScene.with { scene in
            let job = try scene.letterJob(relayPort: relay.port)
            for (email, retries) in [("450@fails.example", 1), ("550@fails.example", 0)] {
                let refund = prepared(scene.order(email: email), .occurrenceCanceled, tickets: [0])
                let jobs = try await scene.hear([refund], by: RefundPreparedHandler()).jobs
                #expect(try await scene.perform(jobs, with: job).jobs.count == retries)
            }
            #expect(
                try await scene.texts("SELECT status FROM notifications ORDER BY recipient") == ["pending", "failed"])
        }
    }
}

extension Array where Element: Sendable {
    fileprivate func asyncMap<Value: Sendable>(_ transform: (Element) async throws -> Value) async throws -> [Value] {
        var values: [Value] = []
        for element in self { values.append(try await transform(element)) }
        return values
    }
}
