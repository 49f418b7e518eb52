import Contracts
import Foundation
import Testing

extension EndToEndTests {
    @Suite("Refunds of every kind")
    struct RefundTests {
        private func expect(
            _ answer: APIClient.Answer, _ status: Int, _ problem: String, _ location: SourceLocation = #_sourceLocation
        ) {
            #expect(answer.status == status, "\(answer.json)", sourceLocation: location)
            #expect(answer.problem == problem, "\(answer.json)", sourceLocation: location)
        }

        @Test(
            "A refunded order's tickets stop at the gate within a second, its places are sold again, the numbers add up"
        )
        func wholeOrder() async throws {
            try await WebhookReceiver.with { receiver, url in
                let sale = try await Organizer.make().sell(capacity: 2)
                let endpoint = try await sale.client.demand(
                    201, "POST", "/v1/webhook-endpoints",
                    ["url": .string(url), "event_types": ["refund.completed"]])
                let email = "ada.\(UUID().uuidString.lowercased())@example.org"
                let purchase = try await sale.purchase(2, email: email)

                let begun = try await sale.refund(purchase.orderID)
                #expect(begun.status == 202, "\(begun.json)")
                let id = try begun.text("id")
                #expect(begun.header("location") == "/v1/refunds/\(id)")
                #expect(try begun.number("amount_cents") == 5000)
                for code in purchase.codes { try await sale.demandRevoked(code) }

                let refund = try await sale.ended(refund: id)
                #expect(refund["state"] == "completed", "\(refund.json)")
                #expect(refund["currency"] == "EUR")
                #expect(refund["order_id"]?.text == purchase.orderID)
                #expect(Set(refund["ticket_ids"]?.list?.compactMap(\.text) ?? []) == Set(purchase.ticketIDs))
                let history = try await sale.client.demand(200, "GET", "/v1/refunds/\(id)/history")
                let states = history["data"]?.list?.compactMap { $0["state"]?.text } ?? []
                #expect(states.first == "requested" && states.last == "completed", "\(history.json)")
                try await checkOrder(sale, purchase.orderID, status: "refunded", refundedCents: 5000)
                for ticketID in purchase.ticketIDs {
                    let ticket = try await sale.client.demand(200, "GET", "/v1/tickets/\(ticketID)")
                    #expect(ticket["status"] == "refunded", "\(ticket.json)")
                    #expect(ticket["refund_amount_cents"] == 2500)
                }
                try await sale.demandAvailability(sold: 0, available: 2)
                try await sale.demandReport(sold: 0, revenueCents: 5000, refundedCents: 5000)
                try await sale.demandLedger(keptCents: 0)
                let entries = try await sale.client.demand(
                    200, "GET", "/v1/ledger/entries?order_id=\(purchase.orderID)")
                #expect(entries["data"]?.list?.contains { $0["refund_id"]?.text == id } == true, "\(entries.json)")
                try await checkWebhook(receiver, secret: try endpoint.text("secret"), refundID: id)
                try await checkAuditTrail(sale, orderID: purchase.orderID, refundID: id)
                let isMailed = try await eventually(within: .seconds(60)) {
                    try await ReceivedMail.find(to: email)?.codes.isEmpty == true
                }
                #expect(isMailed, "the buyer was not told of the refund")

                expect(try await sale.refund(purchase.orderID), 409, "already-refunded")
                #expect(try await sale.purchase(2).ticketIDs.count == 2)
            }
            try await Installation.demandClean()
        }

        private func checkOrder(
            _ sale: Organizer.Sale, _ orderID: String, status: String, refundedCents: Int,
            _ location: SourceLocation = #_sourceLocation
        ) async throws {
            let order = try await sale.client.demand(200, "GET", "/v1/orders/\(orderID)")
            #expect(order["status"]?.text == status, "\(order.json)", sourceLocation: location)
            #expect(order["refunded_cents"] == .integer(refundedCents), "\(order.json)", sourceLocation: location)
        }

        private func checkWebhook(_ receiver: WebhookReceiver, secret: String, refundID: String) async throws {
            let arrived = try await eventually { !receiver.deliveries.isEmpty }
            #expect(arrived, "no webhook came")
            #expect(receiver.deliveries.count == 1)
            let delivery = try #require(receiver.deliveries.first)
            try await StandardWebhooks.verify(delivery, secret: secret)
            let body = try JSONDecoder().decode(JSONValue.self, from: Data(delivery.body.utf8))
            #expect(body["type"] == "refund.completed")
            #expect(delivery.body.contains(refundID), "\(delivery.body)")
        }

        private func checkAuditTrail(_ sale: Organizer.Sale, orderID: String, refundID: String) async throws {
            let isAudited = try await eventually {
                let entries = try await sale.client.demand(200, "GET", "/v1/audit-entries")["data"]?.list ?? []
                func has(_ action: String, _ resourceID: String) -> Bool {
                    entries.contains { $0["action"]?.text == action && $0["resource_id"]?.text == resourceID }
                }
                return has("order.refund", orderID) && has("refund.complete", refundID)
            }
            #expect(isAudited, "the audit log does not tell of the refund")
        }

        @Test("One ticket is refunded, then the rest: each once")
        func ticketByTicket() async throws {
            let sale = try await Organizer.make().sell(capacity: 3)
            let purchase = try await sale.purchase(3)
            let first = try await sale.refundWholly(
                purchase.orderID, ["ticket_ids": [.string(purchase.ticketIDs[0])]])
            #expect(try first.number("amount_cents") == 2500)
            try await checkOrder(sale, purchase.orderID, status: "partially_refunded", refundedCents: 2500)
            try await sale.demandAvailability(sold: 2, available: 1)
            #expect(try await sale.scan(purchase.codes[0])["result"] == "revoked")
            #expect(try await sale.scan(purchase.codes[1])["result"] == "admitted")
            expect(
                try await sale.refund(purchase.orderID, ["ticket_ids": [.string(purchase.ticketIDs[0])]]), 409,
                "already-refunded")

            let rest = try await sale.refundWholly(purchase.orderID)
            #expect(try rest.number("amount_cents") == 5000)
            #expect(
                Set(rest["ticket_ids"]?.list?.compactMap(\.text) ?? []) == Set(purchase.ticketIDs.dropFirst()))
            // Who is inside may leave, and does not come back in.
            #expect(try await sale.scan(purchase.codes[1])["result"] == "revoked")
            #expect(try await sale.scan(purchase.codes[1], direction: "out")["result"] == "exited")
            #expect(try await sale.scan(purchase.codes[1])["result"] == "revoked")
            try await checkOrder(sale, purchase.orderID, status: "refunded", refundedCents: 7500)
            try await sale.demandAvailability(sold: 0, available: 3)
            try await sale.demandReport(sold: 0, revenueCents: 7500, refundedCents: 7500)
            try await sale.demandLedger(keptCents: 0)
            try await Installation.demandClean()
        }

        @Test("An amount is refunded and the tickets stay valid; never more than was paid")
        func amounts() async throws {
            let sale = try await Organizer.make().sell(capacity: 2)
            let purchase = try await sale.purchase(2)
            expect(try await sale.refund(purchase.orderID, ["amount_cents": 5001]), 422, "refund-exceeds-payment")
            let part = try await sale.refundWholly(purchase.orderID, ["amount_cents": 1000])
            #expect(try part.number("amount_cents") == 1000)
            #expect(part["ticket_ids"] == [])
            try await checkOrder(sale, purchase.orderID, status: "partially_refunded", refundedCents: 1000)
            try await sale.demandAvailability(sold: 2, available: 0)
            #expect(try await sale.scan(purchase.codes[0])["result"] == "admitted")
            try await sale.demandReport(
                sold: 2, revenueCents: 5000, refundedCents: 1000, refundedForTicketsCents: 0)
            try await sale.demandLedger(keptCents: 4000)

            expect(try await sale.refund(purchase.orderID, ["amount_cents": 4001]), 422, "refund-exceeds-payment")
            let rest = try await sale.refundWholly(purchase.orderID)
            #expect(try rest.number("amount_cents") == 4000)
            try await checkOrder(sale, purchase.orderID, status: "refunded", refundedCents: 5000)
            try await sale.demandAvailability(sold: 0, available: 2)
            try await sale.demandReport(
                sold: 0, revenueCents: 5000, refundedCents: 5000, refundedForTicketsCents: 4000)
            try await sale.demandLedger(keptCents: 0)
            try await Installation.demandClean()
        }

        @Test("Refunds that are asked for at once never come to more than was paid")
        func atOnce() async throws {
            let sale = try await Organizer.make().sell(capacity: 2)
            let purchase = try await sale.purchase(2)
            let ids = try await withThrowingTaskGroup(of: String?.self) { group in
                for _ in 0..<6 {
                    group.addTask {
                        let answer = try await sale.refund(purchase.orderID, ["amount_cents": 2000])
                        return answer.status == 202 ? answer["id"]?.text : nil
                    }
                }
                return try await group.reduce(into: [String]()) { ids, id in if let id { ids.append(id) } }
            }
            var refunded = 0
            for id in ids {
                let refund = try await sale.ended(refund: id)
                if refund["state"] == "completed" { refunded += try refund.number("amount_cents") }
            }
            #expect(refunded == 4000)
            try await checkOrder(sale, purchase.orderID, status: "partially_refunded", refundedCents: 4000)
            try await sale.demandLedger(keptCents: 1000)
            try await Installation.demandClean()
        }

        @Test("The same request again is the same refund, also when nothing is left by then")
        func repeated() async throws {
            let sale = try await Organizer.make().sell(capacity: 2)
            let purchase = try await sale.purchase(1)
            let key = UUID().uuidString
            let first = try await sale.refund(purchase.orderID, idempotencyKey: key)
            #expect(first.status == 202)
            let again = try await sale.refund(purchase.orderID, idempotencyKey: key)
            #expect(again.status == 202)
            #expect(again.json == first.json)
            #expect(try await sale.ended(refund: try first.text("id"))["state"] == "completed")
            #expect(try await sale.refund(purchase.orderID, idempotencyKey: key).json == first.json)
            expect(
                try await sale.refund(purchase.orderID, ["amount_cents": 1], idempotencyKey: key), 422,
                "idempotency-key-reused")
            try await sale.demandLedger(keptCents: 0)
        }

        @Test("Prefer: wait answers with the completed refund")
        func waiting() async throws {
            let sale = try await Organizer.make().sell()
            let purchase = try await sale.purchase(1)
            let refund = try await sale.refund(purchase.orderID, headers: ["Prefer": "wait=30"])
            #expect(refund.status == 200, "\(refund.json)")
            #expect(refund["state"] == "completed")
        }

        @Test("A free ticket is taken back without any money")
        func free() async throws {
            let sale = try await Organizer.make().sell(capacity: 1, priceCents: 0)
            let checkout = try await sale.buy(token: nil)
            #expect(try checkout.text("state") == "completed")
            let refund = try await sale.refundWholly(try checkout.text("order_id"))
            #expect(try refund.number("amount_cents") == 0)
            try await sale.demandAvailability(sold: 0, available: 1)
            try await Installation.demandClean()
        }

        @Test("The event's refund policy refuses, unless the organiser overrides it")
        func policy() async throws {
            let settings: [JSONValue] = [
                ["refund_policy": ["allowed": false]],
                // The occurrence starts in an hour.
                ["refund_policy": ["allowed": true, "cutoff_hours": 24]],
            ]
            for settings in settings {
                let sale = try await Organizer.make().sell(settings: settings)
                let purchase = try await sale.purchase(1)
                expect(try await sale.refund(purchase.orderID), 409, "refund-not-allowed")
                let refund = try await sale.refundWholly(purchase.orderID, ["overrides_policy": true])
                #expect(try refund.number("amount_cents") == 2500)
            }
        }

        @Test("Wrong fields are named, what is not paid for is not refunded, and strangers find nothing")
        func refusals() async throws {
            let sale = try await Organizer.make().sell()
            let purchase = try await sale.purchase(1)
            let wrong = try await sale.refund(
                purchase.orderID, ["reason": "", "ticket_ids": [], "amount_cents": -1])
            expect(wrong, 422, "validation-failed")
            #expect(wrong.wrongFields.isSuperset(of: ["reason", "ticket_ids", "amount_cents"]), "\(wrong.json)")
            let both = try await sale.refund(
                purchase.orderID, ["ticket_ids": [.string(purchase.ticketIDs[0])], "amount_cents": 1])
            expect(both, 422, "validation-failed")
            let strange = try await sale.refund(purchase.orderID, ["ticket_ids": [.string(UUID().uuidString)]])
            expect(strange, 422, "validation-failed")
            #expect(strange.wrongFields.contains { $0.hasPrefix("ticket_ids") }, "\(strange.json)")
            expect(try await sale.refund(UUID().uuidString), 404, "not-found")

            let held = try await sale.buy(token: nil)
            #expect(try held.text("state") == "awaiting_payment")
            expect(try await sale.refund(try held.text("order_id")), 409, "conflict")

            let refund = try await sale.refundWholly(purchase.orderID)
            let stranger = try await Organizer.make().client
            let body: JSONValue = ["reason": "Mine."]
            expect(
                try await stranger.send("POST", "/v1/orders/\(purchase.orderID)/refunds", body), 404, "not-found")
            expect(try await stranger.get("/v1/refunds/\(try refund.text("id"))"), 404, "not-found")
            expect(try await stranger.get("/v1/refunds/\(try refund.text("id"))/history"), 404, "not-found")
        }
    }
}
