import Contracts
import Foundation
import Testing

extension EndToEndTests {
    @Suite("Occurrences that do not take place")
    struct CancellationTests {
        private func expect(
            _ answer: APIClient.Answer, _ status: Int, _ problem: String, _ location: SourceLocation = #_sourceLocation
        ) {
            #expect(answer.status == status, "\(answer.json)", sourceLocation: location)
            #expect(answer.problem == problem, "\(answer.json)", sourceLocation: location)
        }

        @Test("Sales stop at once, every order is refunded once, the gate is closed, and everybody is told")
        func cancellation() async throws {
            try await WebhookReceiver.with { receiver, url in
                let sale = try await Organizer.make().sell(capacity: 20)
                let endpoint = try await sale.client.demand(
                    201, "POST", "/v1/webhook-endpoints",
                    ["url": .string(url), "event_types": ["occurrence.canceled", "refund.completed"]])
                let email = "ada.\(UUID().uuidString.lowercased())@example.org"
                let purchases = [
                    try await sale.purchase(2, email: email), try await sale.purchase(1), try await sale.purchase(3),
                ]
                // One ticket is refunded before: only what is left counts.
                _ = try await sale.refundWholly(
                    purchases[2].orderID, ["ticket_ids": [.string(purchases[2].ticketIDs[0])]])
                let held = try await sale.buy(token: nil)

                let canceled = try await sale.cancel()
                #expect(
                    canceled.header("location") == "/v1/occurrences/\(sale.occurrenceID)/cancellation")
                #expect(canceled["occurrence_id"]?.text == sale.occurrenceID)
                expect(try await sale.client.send("POST", "/v1/checkouts", sale.order()), 409, "sales-closed")
                let second = try APIClient(key: sale.client.key, baseURL: Installation.secondGatewayURL)
                let isClosed = try await eventually(within: .seconds(2)) {
                    try await second.send("POST", "/v1/checkouts", sale.order()).problem == "sales-closed"
                }
                #expect(isClosed, "another gateway still sells")

                let ended = try await sale.cancellationEnded()
                #expect(ended["state"] == "completed", "\(ended.json)")
                #expect(ended["orders_total"] == 3)
                #expect(ended["orders_refunded"] == 3)
                #expect(ended["orders_failed"] == 0)
                #expect(ended["orders_pending"] == 0)
                #expect(ended["refunded_cents"] == 12_500)
                #expect(ended["cause"] == "organizer")
                #expect(ended["reason"] == "The artist is ill.")
                let history = try await sale.client.demand(
                    200, "GET", "/v1/occurrences/\(sale.occurrenceID)/cancellation/history")
                #expect(history["data"]?.list?.last?["state"] == "completed", "\(history.json)")
                for purchase in purchases { try await checkRefunded(sale, purchase) }
                #expect(try await sale.settled(try held.text("id"))["state"] == "canceled")

                try await sale.demandReport(sold: 0, revenueCents: 15_000, refundedCents: 15_000)
                try await sale.demandLedger(keptCents: 0)
                let occurrence = try await sale.client.demand(200, "GET", "/v1/occurrences/\(sale.occurrenceID)")
                #expect(occurrence["status"] == "canceled")
                try await checkTold(receiver, secret: try endpoint.text("secret"), email: email)
            }
            try await Installation.demandClean()
        }

        private func checkRefunded(_ sale: Organizer.Sale, _ purchase: Organizer.Sale.Purchase) async throws {
            let order = try await sale.client.demand(200, "GET", "/v1/orders/\(purchase.orderID)")
            #expect(order["status"] == "refunded", "\(order.json)")
            #expect(order["refunded_cents"] == order["total_cents"], "\(order.json)")
            let refund = try await sale.client.demand(200, "GET", "/v1/refunds/\(purchase.orderID)")
            #expect(refund["cause"] == "occurrence_canceled", "\(refund.json)")
            #expect(refund["state"] == "completed", "\(refund.json)")
            for code in purchase.codes { #expect(try await sale.scan(code)["result"] == "closed") }
        }

        private func checkTold(_ receiver: WebhookReceiver, secret: String, email: String) async throws {
            // One cancellation, three refunds of it, one refund before.
            let arrived = try await eventually(within: .seconds(60)) { receiver.deliveries.count >= 5 }
            #expect(arrived, "only \(receiver.deliveries.count) webhooks came")
            let types = receiver.deliveries.compactMap { delivery in
                (try? JSONDecoder().decode(JSONValue.self, from: Data(delivery.body.utf8)))?["type"]?.text
            }
            #expect(types.filter { $0 == "occurrence.canceled" }.count == 1)
            #expect(types.filter { $0 == "refund.completed" }.count == 4)
            for delivery in receiver.deliveries { try await StandardWebhooks.verify(delivery, secret: secret) }
            let isMailed = try await eventually(within: .seconds(60)) {
                try await ReceivedMail.find(to: email)?.text.contains("The artist is ill.") == true
            }
            #expect(isMailed, "the attendee was not told why")
        }

        @Test("Canceling twice is one cancellation, under the same key and under another")
        func twice() async throws {
            let sale = try await Organizer.make().sell(capacity: 5)
            let purchase = try await sale.purchase(2)
            let path = "/v1/occurrences/\(sale.occurrenceID)/cancel"
            let body: JSONValue = ["reason": "The artist is ill."]
            let key = UUID().uuidString
            let first = try await sale.client.send("POST", path, body, idempotencyKey: key)
            #expect(first.status == 202, "\(first.json)")
            let again = try await sale.client.send("POST", path, body, idempotencyKey: key)
            #expect(again.status == 202)
            #expect(again.json == first.json)
            let other = try await sale.client.send("POST", path, ["reason": "Another reason."])
            #expect(other.status == 202, "\(other.json)")
            let ended = try await sale.cancellationEnded()
            #expect(ended["orders_total"] == 1)
            #expect(ended["refunded_cents"] == 5000)
            #expect(ended["reason"] == "The artist is ill.")
            let order = try await sale.client.demand(200, "GET", "/v1/orders/\(purchase.orderID)")
            #expect(order["refunded_cents"] == 5000)
            try await sale.demandLedger(keptCents: 0)
            try await Installation.demandClean()
        }

        @Test("An occurrence that sold nothing is canceled and done")
        func nothingSold() async throws {
            let sale = try await Organizer.make().sell(capacity: 5)
            _ = try await sale.cancel()
            let ended = try await sale.cancellationEnded()
            #expect(ended["state"] == "completed")
            #expect(ended["orders_total"] == 0)
        }

        @Test("Money that is under way when the occurrence is canceled comes back")
        func moneyInFlight() async throws {
            let sale = try await Organizer.make().sell(capacity: 5)
            let started = try await sale.client.demand(202, "POST", "/v1/checkouts", sale.order(2, token: "tok_slow"))
            let id = try started.text("id")
            let isPaying = try await eventually {
                try await sale.client.get("/v1/checkouts/\(id)")["state"] == "paying"
            }
            #expect(isPaying)
            _ = try await sale.cancel()
            var checkout = started
            let isOver = try await eventually(within: .seconds(90)) {
                checkout = try await sale.client.get("/v1/checkouts/\(id)")
                if checkout["state"] == "refunded" { return true }
                // The tickets were confirmed before the cancellation: their order is refunded.
                guard checkout["state"] == "completed", let orderID = checkout["order_id"]?.text else { return false }
                return try await sale.client.get("/v1/orders/\(orderID)")["status"] == "refunded"
            }
            #expect(isOver, "\(checkout.json)")
            try await Installation.demandClean()
            try await sale.demandLedger(keptCents: 0)
        }

        @Test("Canceling after the cutoff is refused, and nothing is refunded")
        func cutoff() async throws {
            // The occurrence starts in an hour.
            let sale = try await Organizer.make().sell(settings: ["cancellation_cutoff_hours": 48])
            let purchase = try await sale.purchase(1)
            expect(
                try await sale.client.send(
                    "POST", "/v1/occurrences/\(sale.occurrenceID)/cancel", ["reason": "Too late."]),
                409, "conflict")
            expect(try await sale.client.get("/v1/occurrences/\(sale.occurrenceID)/cancellation"), 404, "not-found")
            #expect(try await sale.scan(purchase.codes[0])["result"] == "admitted")
        }

        @Test("Strangers cancel nothing and see no cancellation")
        func strangers() async throws {
            let sale = try await Organizer.make().sell()
            let stranger = try await Organizer.make().client
            let path = "/v1/occurrences/\(sale.occurrenceID)"
            expect(try await stranger.send("POST", "\(path)/cancel", ["reason": "Mine."]), 404, "not-found")
            _ = try await sale.cancel()
            expect(try await stranger.get("\(path)/cancellation"), 404, "not-found")
            expect(try await stranger.get("\(path)/cancellation/history"), 404, "not-found")
            expect(try await sale.client.send("POST", "\(path)/cancel", [:]), 422, "validation-failed")
        }
    }
}
