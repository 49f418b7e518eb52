import Contracts
import Foundation
import HTTPTypes
import Postgres
import TestSupport
import Testing

@testable import Gateway

@Suite("The protocol's edges")
struct ProtocolHTTPTests {
    @Test("Unknown paths, wrong methods, large, foreign, broken and wrong bodies are refused as such")
    func refusals() async throws {
        try await GatewayHarness.with { gateway in
            let client = try await gateway.organization().client
            expect(try await client.get("/v1/nothing"), 404, "not-found")
            expect(try await client.get("/v1/events/not-a-uuid"), 404, "not-found")
            let method = try await client.send("PUT", "/v1/events", .object([:]))
            expect(method, 405, "method-not-allowed")
            #expect(method.header("allow") == "GET, HEAD, POST")
            expect(
                try await client.send("POST", "/v1/events", rawBody: Data(repeating: 0x20, count: 2 << 20)), 413,
                "payload-too-large")
            expect(
                try await client.send(
                    "POST", "/v1/events", headers: ["Content-Type": "text/plain"], rawBody: Data("{}".utf8)), 415,
                "unsupported-media-type")
            expect(
                try await client.send("POST", "/v1/events", rawBody: Data("{\"name\": ".utf8)), 400, "validation-failed"
            )
            expect(try await client.send("POST", "/v1/events"), 400, "validation-failed")
            let wrong = try await client.send(
                "POST", "/v1/events", .object(["name": .string(""), "category": .string("party")]))
            expect(wrong, 422, "validation-failed")
            #expect(wrong.wrongFields == ["category", "name"])
            expect(try await client.get("/v1/events?limit=201"), 422, "validation-failed")
            let nul = Data("{\"name\": \"A\\u0000\"}".utf8)
            expect(try await client.send("POST", "/v1/events", rawBody: nul), 422, "validation-failed")
            #expect(gateway.services.last == nil)
        }
    }

    @Test("A service's refusal is passed on, and one that does not answer is a 503 with Retry-After")
    func services() async throws {
        try await GatewayHarness.with { gateway in
            let client = try await gateway.organization().client
            let away = try await client.get("/v1/events")
            expect(away, 503, "unavailable")
            #expect(away.header("retry-after") == "1")
            gateway.services.on(ActivateEvent.self) { _ in throw Problem(.ticketTypeRequired, "Add one.") }
            expect(
                try await client.send("POST", "/v1/events/\(EventID.example)/activate"), 409, "ticket-type-required")
            struct Surprise: Error {}
            gateway.services.on(GetEvent.self) { _ in throw Surprise() }
            let broken = try await client.get("/v1/events/\(EventID.example)")
            expect(broken, 500, "internal-error")
            #expect(!String(decoding: broken.body, as: UTF8.self).contains("Surprise"))
        }
    }

    @Test("Trace context comes in and goes on; a malformed one begins a new trace")
    func tracing() async throws {
        try await GatewayHarness.with { gateway in
            gateway.services.on(ListEvents.self) { _ in Page(data: [], nextCursor: nil) }
            let (id, _, client) = try await gateway.organization()
            let trace = "0af7651916cd43dd8448eb211c80319c"
            let answer = try await client.get("/v1/events", headers: ["traceparent": "00-\(trace)-b7ad6b7169203331-01"])
            #expect(answer.header("traceparent")?.contains(trace) == true)
            #expect(gateway.services.last?.traceparent?.contains(trace) == true)
            #expect(gateway.services.last?.organizationID?.description == id)
            let fresh = try await client.get("/v1/events", headers: ["traceparent": "00-0-0-0"])
            #expect(fresh.header("traceparent")?.hasPrefix("00-") == true)
            #expect(fresh.header("traceparent")?.contains(trace) == false)
            #expect(fresh.header("x-content-type-options") == "nosniff")
        }
    }

    @Test("Lists link to their next page with the filters they were asked with")
    func pages() async throws {
        try await GatewayHarness.with { gateway in
            gateway.services.on(ListEvents.self) { request in
                Page(data: [.example], nextCursor: request.page.cursor == nil ? "a b" : nil)
            }
            let client = try await gateway.organization().client
            let first = try await client.get("/v1/events?status=active&limit=1")
            #expect(first.header("link") == "</v1/events?cursor=a%20b&limit=1&status=active>; rel=\"next\"")
            #expect(first.json["next_cursor"] == .string("a b"))
            let second = try await client.get("/v1/events?cursor=a%20b&limit=1&status=active")
            #expect(second.header("link") == nil)
            #expect(second.json["next_cursor"] == .null)
            let asked = gateway.services.asked(ListEvents.self)
            #expect(asked.map(\.page) == [PageRequest(limit: 1), PageRequest(limit: 1, cursor: "a b")])
            #expect(asked.allSatisfy { $0.status == .active && $0.category == nil })
        }
    }

    @Test("A read that has not changed is a 304 without a body; other reads are not kept by anybody")
    func revalidation() async throws {
        try await GatewayHarness.with { gateway in
            gateway.services.on(GetEvent.self) { _ in .example }
            gateway.services.on(GetOrder.self) { _ in .example }
            let (id, _, client) = try await gateway.organization()
            let path = "/v1/events/\(EventID.example)"
            let first = try await client.get(path)
            let tag = try #require(first.header("etag"))
            #expect(first.header("cache-control") == "private, no-cache")
            let second = try await client.get(path, headers: ["If-None-Match": tag])
            #expect(second.status == 304)
            #expect(second.body.isEmpty)
            #expect(second.header("etag") == tag)
            gateway.services.on(GetEvent.self) { _ in
                var changed = EventDetails.example
                changed.version = 2
                return changed
            }
            gateway.answers.forget(try #require(OrganizationID(id)))
            #expect(try await client.get(path, headers: ["If-None-Match": tag]).status == 200)
            let order = try await client.get("/v1/orders/\(OrderID.example)")
            #expect(order.header("cache-control") == "no-store")
            #expect(order.header("etag") == nil)
        }
    }

    @Test("A ticket comes as itself, as a PDF and as a picture")
    func tickets() async throws {
        try await GatewayHarness.with { gateway in
            gateway.services.on(GetTicket.self) { _ in .example }
            gateway.services.on(RenderTicket.self) { request in
                let type = request.format == .pdf ? "application/pdf" : "image/png"
                return RenderedDocument(contentType: type, base64: Data("drawn".utf8).base64EncodedString())
            }
            let client = try await gateway.organization().client
            let path = "/v1/tickets/\(TicketID.example)"
            #expect(try await client.get(path).json["public_id"] == .string("K7MPQ2XW9R"))
            for (format, type) in [("pdf", "application/pdf"), ("png", "image/png")] {
                let answer = try await client.get("\(path).\(format)")
                #expect(answer.status == 200)
                #expect(answer.header("content-type") == type)
                #expect(answer.body == Data("drawn".utf8))
            }
            #expect(gateway.services.asked(RenderTicket.self).map(\.format) == [.pdf, .png])
            expect(try await client.get("\(path).gif"), 404, "not-found")
        }
    }

    @Test("What is open is open: documents, health, and the way to them")
    func open() async throws {
        try await GatewayHarness.with { gateway in
            let client = gateway.client(nil)
            for path in ["/", "/openapi.json", "/asyncapi.json", "/health/live", "/health/ready"] {
                #expect(try await client.get(path).status == 200, "\(path)")
            }
            let document = try await client.get("/openapi.json")
            let tag = try #require(document.header("etag"))
            #expect(try await client.get("/openapi.json", headers: ["If-None-Match": tag]).status == 304)
            await gateway.database.close()
            expect(try await client.get("/health/ready"), 503, "unavailable")
            #expect(try await client.get("/health/live").status == 200)
        }
    }

    @Test("The router and the OpenAPI document know the same operations")
    func documentMatchesRouter() async throws {
        try await GatewayHarness.with { gateway in
            let client = gateway.client(nil)
            let document = try await client.get("/openapi.json").json
            guard case .object(let paths)? = document["paths"] else {
                Issue.record("no paths")
                return
            }
            let served = Set(
                try EndpointTableSample.endpoints().map { "\($0.method.rawValue.lowercased()) \($0.path)" })
            var documented: Set<String> = []
            for (template, item) in paths {
                guard case .object(let operations) = item else { continue }
                documented.formUnion(operations.keys.map { "\($0) \(template)" })
                let path = template.replacing(#/\{\w+\}/#, with: EventID.example.description)
                for method in ["get", "post", "put", "patch", "delete"] {
                    let answer = try await client.send(method.uppercased(), path)
                    guard let operation = operations[method] else {
                        #expect(answer.status == 405, "\(method) \(path)")
                        continue
                    }
                    let isOpen = operation["security"] == .array([])
                    #expect(answer.status == (isOpen ? 200 : 401), "\(method) \(path): \(answer.json)")
                    #expect(operation["responses"]?[String(answer.status)] != nil, "\(method) \(path)")
                }
            }
            #expect(documented == served)
        }
    }

    @Test("Requests with a key are logged by route, without what they said, and the key's last use is noted")
    func requestLog() async throws {
        try await GatewayHarness.with { gateway in
            gateway.services.on(ListOrders.self) { _ in Page(data: [], nextCursor: nil) }
            let (id, keyID, client) = try await gateway.organization()
            let answer = try await client.get("/v1/orders?email=ada@example.org")
            _ = try await client.get("/v1/tickets/nothing")
            _ = try await gateway.client(nil).get("/v1/orders")
            await gateway.requestLog.flush()
            let rows = try await gateway.administrator.query(
                """
                SELECT id, route, status, problem FROM api_request_log
                WHERE organization_id = \(UUID(uuidString: id)) ORDER BY id
                """
            ).decode((UUID, String, Int, String?).self)
            #expect(rows.map(\.1) == ["/v1/orders", "/v1/tickets/{id}"])
            #expect(rows.map(\.2) == [200, 404])
            #expect(rows.map(\.3) == [nil, "not-found"])
            #expect(rows.first?.0.uuidString.lowercased() == answer.header("x-request-id"))
            let used = try await gateway.administrator.query(
                "SELECT last_used_at IS NOT NULL FROM api_keys WHERE id = \(UUID(uuidString: keyID))"
            ).decodeOne(Bool.self)
            #expect(used)
        }
    }

    @Test("The log is emptied by age")
    func logRetention() async throws {
        try await ServiceDatabase.with(.gateway, migrations: gatewayMigrations) { database in
            func entry(_ requestedAt: Timestamp) -> RequestLogEntry {
                RequestLogEntry(
                    id: UUID(), organizationID: nil, keyID: nil, method: "GET", route: "/", status: 200, problem: nil,
                    traceID: "", durationMicroseconds: 1, requestedAt: requestedAt)
            }
            let (old, young) = (entry(.example), entry(.example + .seconds(2)))
            try await database.client.withTransaction(scope: database.serviceScope) { transaction in
                try RequestLogStore(transaction: transaction).append([old, young, young])
            }
            _ = try await database.run(RequestLogRetention(), at: .example + .seconds(30 * 86_400 + 1))
            let left = try await database.client.query("SELECT id FROM api_request_log").decode(UUID.self)
            #expect(left == [young.id])
        }
    }
}
