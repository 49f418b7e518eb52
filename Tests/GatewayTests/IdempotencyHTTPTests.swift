import Contracts
import Foundation
import Postgres
import Synchronization
import Testing

@testable import Gateway

@Suite("Repeated requests")
struct IdempotencyHTTPTests {
    private let body = JSONValue.object(["name": .string("A")])

    @Test("A creating request needs a key, and a key needs its form")
    func required() async throws {
        try await GatewayHarness.with { gateway in
            let client = try await gateway.organization().client
            expect(
                try await client.send("POST", "/v1/events", body, idempotencyKey: nil), 400, "idempotency-key-required")
            expect(
                try await client.send("POST", "/v1/events", body, idempotencyKey: String(repeating: "x", count: 256)),
                400,
                "idempotency-key-required")
            #expect(gateway.services.asked(CreateEvent.self).isEmpty)
        }
    }

    @Test(
        "A repetition gets the first answer again and nothing happens twice; another request under the key is refused")
    func replay() async throws {
        try await GatewayHarness.with { gateway in
            gateway.services.on(CreateEvent.self) { request in
                var event = EventDetails.example
                event.id = request.eventID
                return event
            }
            let client = try await gateway.organization().client
            let first = try await client.send("POST", "/v1/events", body, idempotencyKey: "\"a key\"")
            #expect(first.status == 201)
            #expect(first.header("location") == "/v1/events/\(try first.text("id"))")
            let again = try await client.send("POST", "/v1/events", body, idempotencyKey: "a key")
            #expect(again.status == 201)
            #expect(again.body == first.body)
            #expect(again.header("location") == first.header("location"))
            #expect(again.header("idempotency-replayed") == "true")
            #expect(again.header("x-request-id") != first.header("x-request-id"))
            #expect(gateway.services.asked(CreateEvent.self).count == 1)
            let other = JSONValue.object(["name": .string("B")])
            expect(
                try await client.send("POST", "/v1/events", other, idempotencyKey: "a key"), 422,
                "idempotency-key-reused")
            expect(
                try await client.send(
                    "POST", "/v1/events/\(EventID.example)/ticket-types", body, idempotencyKey: "a key"),
                422, "idempotency-key-reused")
            let stranger = try await gateway.organization().client
            #expect(try await stranger.send("POST", "/v1/events", body, idempotencyKey: "a key").status == 201)
            #expect(gateway.services.asked(CreateEvent.self).count == 2)
        }
    }

    @Test("A refusal is kept as well, but an answer that says later is not, and the object keeps its id")
    func refusals() async throws {
        try await GatewayHarness.with { gateway in
            let client = try await gateway.organization().client
            expect(try await client.send("POST", "/v1/events", body, idempotencyKey: "a"), 503, "unavailable")
            gateway.services.on(CreateEvent.self) { _ in throw Problem.validation("name", "must be another one") }
            expect(try await client.send("POST", "/v1/events", body, idempotencyKey: "a"), 422, "validation-failed")
            let again = try await client.send("POST", "/v1/events", body, idempotencyKey: "a")
            #expect(again.status == 422)
            #expect(again.slug == "validation-failed")
            #expect(again.header("idempotency-replayed") == "true")
            let asked = gateway.services.asked(CreateEvent.self)
            #expect(asked.count == 2)
            #expect(Set(asked.map(\.eventID)).count == 1)
        }
    }

    @Test("A conflict with the state of something is not kept: the same request succeeds once the state allows it")
    func conflicts() async throws {
        try await GatewayHarness.with { gateway in
            let client = try await gateway.organization().client
            let path = "/v1/checkouts/\(CheckoutID.example)/payment"
            let payment = JSONValue.encoding(PaymentInstrument.example)
            gateway.services.on(PayCheckout.self) { _ in throw Problem(.conflict, "The tickets are not held yet.") }
            for _ in 0..<2 {
                let refused = try await client.send("POST", path, payment, idempotencyKey: "a")
                expect(refused, 409, "conflict")
                #expect(refused.header("idempotency-replayed") == nil)
            }
            gateway.services.on(PayCheckout.self) { _ in .example }
            let paid = try await client.send("POST", path, payment, idempotencyKey: "a")
            #expect(paid.status == 202)
            let again = try await client.send("POST", path, payment, idempotencyKey: "a")
            #expect(again.header("idempotency-replayed") == "true")
            let asked = gateway.services.asked(PayCheckout.self)
            #expect(asked.count == 3)
            #expect(Set(asked.map(\.chargeID)).count == 1, "one key is one charge")
            // What is audited is treated in the same way.
            gateway.services.on(ActivateEvent.self) { _ in throw Problem(.ticketTypeRequired, "Add one.") }
            let activate = "/v1/events/\(EventID.example)/activate"
            expect(
                try await client.send("POST", activate, idempotencyKey: "b"), 409, "ticket-type-required")
            gateway.services.on(ActivateEvent.self) { _ in .example }
            #expect(try await client.send("POST", activate, idempotencyKey: "b").status == 200)
            let other = try await client.send("POST", "/v1/events/\(UUID())/activate", idempotencyKey: "b")
            expect(other, 422, "idempotency-key-reused")
        }
    }

    @Test("While a request is being carried out, its repetition is told to come back")
    func inProgress() async throws {
        try await GatewayHarness.with { gateway in
            let (gate, opener) = AsyncStream<Void>.makeStream()
            let (beginning, begun) = AsyncStream<Void>.makeStream()
            gateway.services.on(CreateEvent.self) { _ in
                begun.yield()
                for await _ in gate { break }
                return .example
            }
            let client = try await gateway.organization().client
            async let slow = client.send("POST", "/v1/events", body, idempotencyKey: "a")
            for await _ in beginning { break }
            let meanwhile = try await client.send("POST", "/v1/events", body, idempotencyKey: "a")
            expect(meanwhile, 409, "request-in-progress")
            #expect(meanwhile.header("retry-after") == "1")
            opener.yield()
            #expect(try await slow.status == 201)
            #expect(try await client.send("POST", "/v1/events", body, idempotencyKey: "a").status == 201)
        }
    }

    @Test("An API key is shown once, also to repetitions, and is in no table")
    func secrets() async throws {
        try await GatewayHarness.with { gateway in
            let id = try await gateway.organization().id
            let draft = JSONValue.object(["name": .string("A"), "scopes": .array([.string("events:read")])])
            let path = "/v1/organizations/\(id)/api-keys"
            let first = try await gateway.platform.send("POST", path, draft, idempotencyKey: "a")
            #expect(first.status == 201)
            let key = try first.text("key")
            #expect(key.hasPrefix(try first.text("prefix")))
            let again = try await gateway.platform.send("POST", path, draft, idempotencyKey: "a")
            #expect(try again.text("key") == key)
            let listed = try await gateway.platform.get(path)
            #expect(!String(decoding: listed.body, as: UTF8.self).contains(key))
            for table in ["api_keys", "idempotency_keys", "api_request_log"] {
                let found = try await gateway.administrator.query(
                    """
                    SELECT count(*) FROM \(unescaped: table) AS line
                    WHERE position(\(key) IN line::text) > 0
                        OR position(encode(convert_to(\(key), 'UTF8'), 'hex') IN line::text) > 0
                    """
                ).decodeOne(Int.self)
                #expect(found == 0, "\(table)")
            }
        }
    }

    @Test("A change with a method that is idempotent by itself takes a key and needs none")
    func accepted() async throws {
        try await GatewayHarness.with { gateway in
            gateway.services.on(UpdateEvent.self) { _ in .example }
            let client = try await gateway.organization().client
            let path = "/v1/events/\(EventID.example)"
            for _ in 0..<2 { #expect(try await client.send("PATCH", path, body).status == 200) }
            for _ in 0..<2 {
                let answer = try await client.send("PATCH", path, body, headers: ["Idempotency-Key": "a"])
                #expect(answer.status == 200)
            }
            #expect(gateway.services.asked(UpdateEvent.self).count == 3)
        }
    }
}

@Suite("Organisations and what is recorded")
struct OrganizationHTTPTests {
    @Test("An organisation is created once, with a slug of its own, and told of")
    func create() async throws {
        try await GatewayHarness.with { gateway in
            let draft = JSONValue.object(["name": .string("Voelgoed"), "slug": .string("voelgoed")])
            let made = try await gateway.platform.send("POST", "/v1/organizations", draft)
            #expect(made.status == 201)
            #expect(made.json["status"] == .string("active"))
            #expect(made.json["plan"] == .string("free"))
            let taken = try await gateway.platform.send("POST", "/v1/organizations", draft)
            expect(taken, 409, "conflict")
            #expect(taken.wrongFields == ["slug"])
            let wrong = try await gateway.platform.send(
                "POST", "/v1/organizations", .object(["name": .string("A"), "slug": .string("Not A Slug")]))
            #expect(wrong.wrongFields == ["slug"])
            let told = gateway.work.messages(OrganizationChanged.self)
            #expect(told.map(\.slug) == ["voelgoed"])
            let id = try made.text("id")
            #expect(try await gateway.platform.get("/v1/organizations/\(id)").json == made.json)
            expect(try await gateway.platform.get("/v1/organizations/\(OrganizationID.example)"), 404, "not-found")
            expect(
                try await gateway.platform.get("/v1/organizations/\(OrganizationID.example)/api-keys"), 404, "not-found"
            )
            expect(
                try await gateway.platform.send("DELETE", "/v1/organizations/\(id)/api-keys/\(APIKeyID.example)"), 404,
                "not-found")
            let past = JSONValue.object([
                "name": .string("A"), "scopes": .array([.string("events:read")]),
                "expires_at": .string("2020-01-01T00:00:00Z"),
            ])
            let key = try await gateway.platform.send("POST", "/v1/organizations/\(id)/api-keys", past)
            #expect(key.wrongFields == ["expires_at"])
        }
    }

    @Test("Organisations come in pages, newest first")
    func pages() async throws {
        try await GatewayHarness.with { gateway in
            var made: [String] = []
            for _ in 0..<3 { made.insert(try await gateway.organization().id, at: 0) }
            let first = try await gateway.platform.get("/v1/organizations?limit=2")
            let cursor = try first.text("next_cursor")
            let second = try await gateway.platform.get("/v1/organizations?limit=2&cursor=\(cursor)")
            var ids: [String] = []
            for page in [first, second] {
                guard case .array(let data)? = page.json["data"] else { continue }
                ids += data.compactMap { if case .string(let id)? = $0["id"] { id } else { nil } }
            }
            #expect(ids == made)
            expect(try await gateway.platform.get("/v1/organizations?cursor=x"), 422, "validation-failed")
        }
    }

    @Test("Changes are told to the audit log, made or refused, and sales are not")
    func audit() async throws {
        try await GatewayHarness.with { gateway in
            gateway.services.on(CreateEvent.self) { _ in .example }
            gateway.services.on(ActivateEvent.self) { _ in throw Problem(.ticketTypeRequired, "Add one.") }
            gateway.services.on(RecordScan.self) { _ in .example }
            let (id, keyID, client) = try await gateway.organization([.eventsWrite, .scansWrite])
            let created = try await client.send(
                "POST", "/v1/events", .object(["name": .string("A")]), idempotencyKey: "a")
            _ = try await client.send("POST", "/v1/events", .object(["name": .string("A")]), idempotencyKey: "a")
            _ = try await client.send("POST", "/v1/events/\(EventID.example)/activate")
            _ = try await client.send("POST", "/v1/webhook-endpoints", .object([:]))
            _ = try await client.send("POST", "/v1/scans", .encoding(ScanDraft.example))
            let actions = gateway.work.messages(ActionRecorded.self)
            #expect(
                actions.map(\.action) == [
                    "organization.create", "api_key.create", "event.create", "event.activate",
                    "webhook_endpoint.create",
                ])
            #expect(actions.map(\.status) == [201, 201, 201, 409, 403])
            #expect(
                actions.map(\.resourceID) == [id, keyID, EventID.example.description, EventID.example.description, nil])
            #expect(actions[2].actionID == created.header("x-request-id"))
            #expect(actions[2].actor == Actor(kind: .apiKey, id: keyID, name: "Test"))
            #expect(actions[0].actor.kind == .platformKey)
        }
    }
}
