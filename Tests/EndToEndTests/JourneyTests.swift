import Contracts
import Foundation
import Testing

extension EndToEndTests {
    @Suite("A sale from the event to the gate")
    struct JourneyTests {
        @Test(
            "An organiser sells, a buyer gets a mail with scannable tickets, the gate admits once, the numbers add up")
        func wholeJourney() async throws {
            try await WebhookReceiver.with { receiver, url in
                let sale = try await Organizer.make().sell(capacity: 10, quantity: 8)
                let client = sale.client
                let endpoint = try await client.demand(
                    201, "POST", "/v1/webhook-endpoints",
                    ["url": .string(url), "event_types": ["order.completed", "ticket.issued", "ticket.checked_in"]])
                let secret = try endpoint.text("secret")
                #expect(secret.hasPrefix("whsec_"))

                let email = "ada.\(UUID().uuidString.lowercased())@example.org"
                let checkout = try await sale.buy(2, email: email)
                #expect(try checkout.text("state") == "completed")
                #expect(checkout["quote"]?["total_cents"] == 5000)
                #expect(checkout["quote"]?["currency"] == "EUR")
                let tickets = try #require(checkout["tickets"]?.list)
                let codes = try tickets.map { try #require($0["code"]?.text) }
                #expect(Set(codes).count == 2)
                #expect(tickets.allSatisfy { $0["status"] == "confirmed" })
                let orderID = try checkout.text("order_id")

                try await checkNumbers(sale, orderID: orderID)
                try await checkMail(to: email, codes: codes)
                try await checkDocuments(client, ticketID: try #require(tickets[0]["id"]?.text), code: codes[0])
                try await checkGate(sale, codes)
                try await checkWebhooks(receiver, secret: secret, client, endpointID: try endpoint.text("id"))
                try await checkRecords(client, sale, checkoutID: try checkout.text("id"), orderID: orderID)
            }
            try await Installation.demandClean()
        }

        private func checkNumbers(_ sale: Organizer.Sale, orderID: String) async throws {
            let availability = try await sale.client.demand(
                200, "GET", "/v1/occurrences/\(sale.occurrenceID)/availability")
            #expect(availability["capacity"] == 10)
            #expect(availability["sold"] == 2)
            #expect(availability["reserved"] == 0)
            #expect(availability["available"] == 8)
            #expect(availability["ticket_types"]?.list?.first?["available"] == 6)
            let order = try await sale.client.demand(200, "GET", "/v1/orders/\(orderID)")
            #expect(order["status"] == "completed")
            #expect(order["total_cents"] == 5000)
            #expect(order["refunded_cents"] == 0)
            #expect(order["tickets"]?.list?.count == 2)
        }

        private func checkMail(to email: String, codes: [String]) async throws {
            var mail: ReceivedMail?
            let arrived = try await eventually(within: .seconds(60)) {
                mail = try await ReceivedMail.find(to: email)
                return mail != nil
            }
            try #require(arrived, "no mail to \(email)")
            let received = try #require(mail)
            #expect(received.text.contains("Concert"))
            #expect(received.html.contains("<"))
            #expect(Set(received.codes) == Set(codes))
        }

        private func checkDocuments(_ client: APIClient, ticketID: String, code: String) async throws {
            let picture = try await client.demand(200, "GET", "/v1/tickets/\(ticketID).png")
            #expect(picture.header("content-type") == "image/png")
            #expect(try await ReceivedMail.codes(inPicture: picture.data) == [code])
            let document = try await client.demand(200, "GET", "/v1/tickets/\(ticketID).pdf")
            #expect(document.header("content-type") == "application/pdf")
            #expect(document.data.starts(with: Data("%PDF".utf8)))
        }

        private func checkGate(_ sale: Organizer.Sale, _ codes: [String]) async throws {
            let id = UUID().uuidString
            let first = try await sale.scan(codes[0], id: id)
            #expect(try first.text("result") == "admitted")
            let again = try await sale.scan(codes[0], id: id)
            #expect(again.json == first.json, "the same scan id gives the same answer")
            #expect(try await sale.scan(codes[0]).text("result") == "already_admitted")
            #expect(try await sale.scan(codes[0], direction: "out").text("result") == "exited")
            #expect(try await sale.scan(codes[0], direction: "out").text("result") == "not_inside")
            #expect(try await sale.scan(codes[0]).text("result") == "admitted")
            #expect(try await sale.scan("VG1NONSENSE").text("result") == "unknown_code")
            let other = try await sale.organizer.sell()
            #expect(try await other.scan(codes[1]).text("result") == "wrong_occurrence")
        }

        private func checkWebhooks(
            _ receiver: WebhookReceiver, secret: String, _ client: APIClient, endpointID: String
        ) async throws {
            // One order, two tickets, one first admission.
            let arrived = try await eventually { receiver.deliveries.count >= 4 }
            #expect(arrived, "only \(receiver.deliveries.count) webhooks came")
            let types = receiver.deliveries.compactMap { delivery in
                (try? JSONDecoder().decode(JSONValue.self, from: Data(delivery.body.utf8)))?["type"]?.text
            }
            #expect(types.sorted() == ["order.completed", "ticket.checked_in", "ticket.issued", "ticket.issued"])
            for delivery in receiver.deliveries { try await StandardWebhooks.verify(delivery, secret: secret) }
            let log = try await client.demand(200, "GET", "/v1/webhook-endpoints/\(endpointID)/deliveries")
            #expect(log["data"]?.list?.count == 4)
        }

        private func checkRecords(
            _ client: APIClient, _ sale: Organizer.Sale, checkoutID: String, orderID: String
        ) async throws {
            let history = try await client.demand(200, "GET", "/v1/checkouts/\(checkoutID)/history")
            let states = history["data"]?.list?.compactMap { $0["state"]?.text } ?? []
            #expect(states.first == "holding")
            #expect(states.last == "completed")
            let entries = try await client.demand(200, "GET", "/v1/ledger/entries?order_id=\(orderID)")
            let lines = try #require(entries["data"]?.list?.first?["lines"]?.list)
            #expect(lines.compactMap { $0["amount_cents"]?.count }.reduce(0, +) == 0)
            #expect(lines.compactMap { $0["amount_cents"]?.count }.max() == 5000)
            let accounts = try await client.demand(200, "GET", "/v1/ledger/accounts")
            #expect(accounts["data"]?.list?.compactMap { $0["balance_cents"]?.count }.reduce(0, +) == 0)
            var report = try await client.get("/v1/occurrences/\(sale.occurrenceID)/report")
            let isCounted = try await eventually {
                report = try await client.get("/v1/occurrences/\(sale.occurrenceID)/report")
                return report["tickets_sold"] == 2 && report["checked_in"] == 1
            }
            #expect(isCounted, "\(report.json)")
            #expect(report["revenue_cents"] == 5000)
            #expect(report["refunded_cents"] == 0)
            #expect(report["by_ticket_type"]?.list?.first?["tickets_sold"] == 2)
            let audited = try await eventually {
                let entries = try await client.demand(200, "GET", "/v1/audit-entries")
                let actions = entries["data"]?.list?.compactMap { $0["action"]?.text } ?? []
                return actions.contains { $0.contains("event") }
            }
            #expect(audited, "the audit log has no entry for the event")
        }

        @Test("A free ticket needs no payment")
        func freeTicket() async throws {
            let sale = try await Organizer.make().sell(priceCents: 0)
            let checkout = try await sale.buy(1, token: nil)
            #expect(try checkout.text("state") == "completed")
            #expect(checkout["quote"]?["total_cents"] == 0)
        }

        @Test("Checkout events arrive as they happen until the checkout ends")
        func serverSentEvents() async throws {
            let sale = try await Organizer.make().sell()
            let started = try await sale.client.demand(202, "POST", "/v1/checkouts", sale.order(1, token: "tok_slow"))
            let id = try started.text("id")
            let key = try #require(sale.client.key)
            // Ends by itself when the checkout is final.
            let (status, output) = try await Program.run(
                "/usr/bin/curl",
                [
                    "--silent", "--no-buffer", "--max-time", "60", "--noproxy", "*", "--header",
                    "Authorization: Bearer \(key)", "\(sale.client.baseURL)/v1/checkouts/\(id)/events",
                ])
            #expect(status == 0)
            #expect(output.contains("event: checkout"))
            #expect(output.contains("\"completed\""))
        }

        @Test("Two gateways serve the same checkout")
        func secondGateway() async throws {
            let sale = try await Organizer.make().sell()
            let checkout = try await sale.buy()
            let second = try APIClient(key: sale.client.key, baseURL: Installation.secondGatewayURL)
            let seen = try await second.demand(200, "GET", "/v1/checkouts/\(try checkout.text("id"))")
            #expect(seen["state"] == "completed")
        }
    }
}
