import Contracts
import Foundation
import Testing

extension EndToEndTests {
    /// Every documented problem, reached through the public API.
    @Suite("Refusals")
    struct ProblemTests {
        private func expect(
            _ answer: APIClient.Answer, _ status: Int, _ problem: String, _ location: SourceLocation = #_sourceLocation
        ) {
            #expect(answer.status == status, "\(answer.json)", sourceLocation: location)
            #expect(answer.problem == problem, "\(answer.json)", sourceLocation: location)
            #expect(answer["title"]?.text?.isEmpty == false, sourceLocation: location)
        }

        @Test("No key, a wrong key and a revoked key are unauthenticated")
        func unauthenticated() async throws {
            expect(try await APIClient(key: nil).get("/v1/events"), 401, "unauthenticated")
            expect(try await APIClient(key: "vge_wrongkey_nonsense").get("/v1/events"), 401, "unauthenticated")
            let organizer = try await Organizer.make()
            let platform = try APIClient(key: Installation.platformKey)
            let path = "/v1/organizations/\(organizer.organizationID)/api-keys"
            let made = try await platform.demand(201, "POST", path, ["name": "Short", "scopes": ["events:read"]])
            let key = try made.text("key")
            let short = try APIClient(key: key)
            let elsewhere = try APIClient(key: key, baseURL: Installation.secondGatewayURL)
            #expect(try await short.get("/v1/events").status == 200)
            #expect(try await elsewhere.get("/v1/events").status == 200)
            _ = try await platform.demand(204, "DELETE", "\(path)/\(try made.text("id"))")
            let revoked = try await eventually(within: .seconds(1), every: .milliseconds(50)) {
                let here = try await short.get("/v1/events").status
                let there = try await elsewhere.get("/v1/events").status
                return here == 401 && there == 401
            }
            #expect(revoked, "a revoked key works for more than a second")
        }

        @Test("A missing scope is forbidden, another organisation's object is not found")
        func forbiddenAndNotFound() async throws {
            let sale = try await Organizer.make().sell()
            let platform = try APIClient(key: Installation.platformKey)
            let key = try await platform.demand(
                201, "POST", "/v1/organizations/\(sale.organizer.organizationID)/api-keys",
                ["name": "Reader", "scopes": ["events:read"]]
            ).text("key")
            let reader = try APIClient(key: key)
            expect(try await reader.send("POST", "/v1/events", ["name": "No"]), 403, "forbidden")
            expect(try await reader.get("/v1/ledger/accounts"), 403, "forbidden")

            let stranger = try await Organizer.make().client
            let checkout = try await sale.buy()
            let ticket = try #require(checkout["tickets"]?.list?.first?["id"]?.text)
            for path in [
                "/v1/events/\(sale.eventID)", "/v1/occurrences/\(sale.occurrenceID)/availability",
                "/v1/occurrences/\(sale.occurrenceID)/report", "/v1/checkouts/\(try checkout.text("id"))",
                "/v1/checkouts/\(try checkout.text("id"))/history", "/v1/orders/\(try checkout.text("order_id"))",
                "/v1/tickets/\(ticket)", "/v1/tickets/\(ticket).pdf", "/v1/tickets/\(ticket).png",
            ] {
                expect(try await stranger.get(path), 404, "not-found")
            }
            expect(try await stranger.send("POST", "/v1/checkouts", sale.order()), 404, "not-found")
            expect(
                try await stranger.send("PATCH", "/v1/events/\(sale.eventID)", ["name": "Mine"]), 404, "not-found")
            let scan: JSONValue = [
                "id": .string(UUID().uuidString), "occurrence_id": .string(sale.occurrenceID), "code": "VG1AAAA",
                "direction": "in",
            ]
            expect(try await stranger.send("POST", "/v1/scans", scan), 404, "not-found")
            expect(try await stranger.get("/v1/events/not-a-uuid"), 404, "not-found")
            expect(try await stranger.get("/v1/nothing-here"), 404, "not-found")
        }

        @Test("Wrong fields are named, all at once")
        func validation() async throws {
            let client = try await Organizer.make().client
            let event = try await client.send(
                "POST", "/v1/events", ["name": "", "max_capacity": 0, "category": "party"])
            expect(event, 422, "validation-failed")
            #expect(!event.wrongFields.isEmpty)
            let sale = try await Organizer(client: client, organizationID: "").sell()
            let type = try await client.send(
                "POST", "/v1/events/\(sale.eventID)/ticket-types",
                ["name": "", "price_cents": -1, "min_quantity": 5, "max_quantity": 2])
            expect(type, 422, "validation-failed")
            #expect(type.wrongFields.isSuperset(of: ["name", "price_cents"]), "\(type.json)")
            let occurrence = try await client.send(
                "POST", "/v1/events/\(sale.eventID)/occurrences",
                ["start_at": "2027-01-02T10:00:00Z", "end_at": "2027-01-01T10:00:00Z", "timezone": "Mars/Olympus"])
            expect(occurrence, 422, "validation-failed")
            #expect(occurrence.wrongFields.isSuperset(of: ["end_at", "timezone"]), "\(occurrence.json)")
            let checkout = try await client.send(
                "POST", "/v1/checkouts",
                [
                    "occurrence_id": .string(sale.occurrenceID), "items": [],
                    "buyer": ["email": "nobody", "given_name": ""],
                ])
            expect(checkout, 422, "validation-failed")
            #expect(checkout.wrongFields.contains("items"), "\(checkout.json)")
            #expect(checkout.wrongFields.contains("buyer.email"), "\(checkout.json)")
            expect(
                try await client.send("POST", "/v1/checkouts", sale.order(11)), 422, "validation-failed")
            expect(try await client.get("/v1/events?limit=0"), 422, "validation-failed")
            let endless: JSONValue = [
                "id": .string(UUID().uuidString), "occurrence_id": .string(sale.occurrenceID), "code": "VG1AAAA",
                "direction": "in", "scanned_at": "9999999999-01-01T00:00:00Z",
            ]
            expect(try await client.send("POST", "/v1/scans", endless), 422, "validation-failed")
            let missing = try await client.send("POST", "/v1/events", [:])
            expect(missing, 422, "validation-failed")
            #expect(missing.wrongFields == ["name"], "\(missing.json)")
            let broken = try await client.send("POST", "/v1/events", rawBody: Data("{\"name\": ".utf8))
            #expect(broken.status == 400)
            #expect(broken.problem == "validation-failed")
        }

        @Test("A creating request needs its idempotency key, and the key is bound to its request")
        func idempotency() async throws {
            let client = try await Organizer.make().client
            expect(
                try await client.send("POST", "/v1/events", ["name": "A"], idempotencyKey: nil), 400,
                "idempotency-key-required")
            let key = UUID().uuidString
            let first = try await client.send("POST", "/v1/events", ["name": "A"], idempotencyKey: key)
            #expect(first.status == 201)
            let again = try await client.send("POST", "/v1/events", ["name": "A"], idempotencyKey: key)
            #expect(again.status == 201)
            #expect(again.json == first.json)
            expect(
                try await client.send("POST", "/v1/events", ["name": "B"], idempotencyKey: key), 422,
                "idempotency-key-reused")
            #expect(try await client.get("/v1/events")["data"]?.list?.count == 1)
        }

        @Test("A request that is still in progress is not run a second time")
        func requestInProgress() async throws {
            let sale = try await Organizer.make().sell()
            let key = UUID().uuidString
            let body = sale.order(1, token: "tok_slow")
            // The payment takes three seconds: whichever comes second meets the first one under way.
            async let one = sale.client.send(
                "POST", "/v1/checkouts", body, idempotencyKey: key, headers: ["Prefer": "wait=20"])
            async let other = sale.client.send(
                "POST", "/v1/checkouts", body, idempotencyKey: key, headers: ["Prefer": "wait=20"])
            let answers = try await [one, other].sorted { $0.status < $1.status }
            #expect(answers[0].status == 200, "\(answers[0].json)")
            #expect(answers[0]["state"] == "completed")
            expect(answers[1], 409, "request-in-progress")
            #expect(answers[1].header("retry-after") != nil)
            let again = try await sale.client.send("POST", "/v1/checkouts", body, idempotencyKey: key)
            #expect(again.status == 200)
            #expect(again.json == answers[0].json)
            let orders = try await sale.client.demand(
                200, "GET", "/v1/orders?occurrence_id=\(sale.occurrenceID)")
            #expect(orders["data"]?.list?.count == 1)
        }

        @Test("Selling is refused without a ticket type, outside of sales, when sold out, and after the hold")
        func sales() async throws {
            let organizer = try await Organizer.make()
            let client = organizer.client
            let bare = try await client.demand(201, "POST", "/v1/events", ["name": "Bare"]).text("id")
            expect(try await client.send("POST", "/v1/events/\(bare)/activate"), 409, "ticket-type-required")

            let closed = try await organizer.sell(type: ["valid_until": "2020-01-01T00:00:00Z"])
            expect(try await client.send("POST", "/v1/checkouts", closed.order()), 409, "sales-closed")
            let paused = try await organizer.sell()
            _ = try await client.demand(200, "PATCH", "/v1/events/\(paused.eventID)", ["status": "paused"])
            let refused = try await eventually(within: .seconds(5)) {
                try await client.send("POST", "/v1/checkouts", paused.order()).problem == "sales-closed"
            }
            #expect(refused)

            let small = try await organizer.sell(capacity: 1)
            // Both at once, so that the gateway does not know yet that nothing is left for one of them.
            async let one = small.buy(token: nil)
            async let other = small.buy(token: nil)
            let both = try await [one, other]
            let late = try #require(both.first { $0["state"] == "sold_out" })
            #expect(both.contains { $0["state"] == "awaiting_payment" })
            expect(
                try await client.send(
                    "POST", "/v1/checkouts/\(try late.text("id"))/payment", ["provider": "sandbox", "token": "tok_ok"]),
                409, "sold-out")
            let isKnown = try await eventually(within: .seconds(5)) {
                try await client.send("POST", "/v1/checkouts", small.order()).problem == "sold-out"
            }
            #expect(isKnown)
        }

        @Test("An unpaid hold expires, its place is free again, and paying for it is refused")
        func holdExpires() async throws {
            let sale = try await Organizer.make().sell(capacity: 1)
            let held = try await sale.buy(token: nil)
            #expect(try held.text("state") == "awaiting_payment")
            let id = try held.text("id")
            let expired = try await eventually(within: .seconds(60)) {
                try await sale.client.get("/v1/checkouts/\(id)")["state"] == "expired"
            }
            #expect(expired)
            expect(
                try await sale.client.send(
                    "POST", "/v1/checkouts/\(id)/payment", ["provider": "sandbox", "token": "tok_ok"]), 409,
                "hold-expired")
            let free = try await eventually {
                try await sale.client.get("/v1/occurrences/\(sale.occurrenceID)/availability")["available"] == 1
            }
            #expect(free)
            #expect(try await sale.buy().text("state") == "completed")
        }

        @Test("A checkout can be canceled before payment, and not after")
        func cancel() async throws {
            let sale = try await Organizer.make().sell(capacity: 1)
            let held = try await sale.buy(token: nil)
            let path = "/v1/checkouts/\(try held.text("id"))"
            #expect(try await sale.client.send("DELETE", path).status == 202)
            #expect(try await sale.settled(try held.text("id")).text("state") == "canceled")
            let paid = try await sale.buy()
            #expect(try paid.text("state") == "completed")
            expect(
                try await sale.client.send("DELETE", "/v1/checkouts/\(try paid.text("id"))"), 409, "conflict")
        }

        @Test("A key that asks too often is told when to come back, and every answer carries the limit")
        func rateLimit() async throws {
            let client = try await Organizer.make().client
            let answer = try await client.get("/v1/events")
            #expect(answer.header("ratelimit-policy") == "\"default\";q=2000;w=1")
            #expect(answer.header("ratelimit")?.hasPrefix("\"default\";r=") == true)
            let platform = try APIClient(key: Installation.platformKey)
            let organization = try await platform.demand(
                201, "POST", "/v1/organizations",
                ["name": "Limited", "slug": .string("limited-\(UUID().uuidString.lowercased())")]
            ).text("id")
            let made = try await platform.demand(
                201, "POST", "/v1/organizations/\(organization)/api-keys",
                ["name": "Slow", "scopes": ["events:read"], "requests_per_second": 2])
            let slow = try APIClient(key: try made.text("key"))
            var limited: APIClient.Answer?
            for _ in 0..<20 where limited == nil {
                let answer = try await slow.get("/v1/events")
                if answer.status == 429 { limited = answer }
            }
            let refusal = try #require(limited, "twenty requests at once passed a limit of two a second")
            expect(refusal, 429, "rate-limited")
            #expect(refusal.header("retry-after") != nil)
        }

        @Test("A method, a media type and a body that are not served are refused as such")
        func protocolProblems() async throws {
            let client = try await Organizer.make().client
            let method = try await client.send("DELETE", "/v1/events")
            expect(method, 405, "method-not-allowed")
            #expect(method.header("allow")?.contains("GET") == true)
            expect(
                try await client.send(
                    "POST", "/v1/events", headers: ["Content-Type": "text/plain"], rawBody: Data("name".utf8)), 415,
                "unsupported-media-type")
            expect(
                try await client.send("POST", "/v1/events", rawBody: Data(repeating: 0x20, count: 2 << 20)), 413,
                "payload-too-large")
        }

        @Test("A service that is away makes the answer 503 with Retry-After, and the same request succeeds afterwards")
        func unavailable() async throws {
            let client = try await Organizer.make().client
            let pids = try Installation.processes().filter { $0.key.hasPrefix("analytics-") }.values
            for pid in pids { kill(pid, SIGSTOP) }
            let answer = try await client.get("/v1/audit-entries")
            for pid in pids { kill(pid, SIGCONT) }
            expect(answer, 503, "unavailable")
            #expect(answer.header("retry-after") != nil)
            let recovered = try await eventually { try await client.get("/v1/audit-entries").status == 200 }
            #expect(recovered)
        }

        @Test("Lists come in pages that link to the next one")
        func pages() async throws {
            let client = try await Organizer.make().client
            for number in 1...5 {
                _ = try await client.demand(201, "POST", "/v1/events", ["name": .string("E\(number)")])
            }
            var names: [String] = []
            var path = "/v1/events?limit=2"
            for _ in 0..<5 {
                let page = try await client.demand(200, "GET", path)
                names += page["data"]?.list?.compactMap { $0["name"]?.text } ?? []
                guard let cursor = page["next_cursor"]?.text else { break }
                #expect(page.header("link")?.contains("rel=\"next\"") == true)
                path = "/v1/events?limit=2&cursor=\(cursor)"
            }
            #expect(names == ["E5", "E4", "E3", "E2", "E1"])
        }
    }
}
