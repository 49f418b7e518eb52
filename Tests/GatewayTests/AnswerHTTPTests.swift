import Contracts
import Foundation
import Postgres
import TestSupport
import Testing

@testable import Gateway

@Suite("Remembered answers")
struct AnswerHTTPTests {
    private static let event = "/v1/events/\(EventID.example)"
    private static let availability = "/v1/occurrences/\(OccurrenceID.example)/availability"

    private static func script(_ gateway: GatewayHarness) {
        gateway.services.on(GetEvent.self) { _ in .example }
        gateway.services.on(GetAvailability.self) { _ in .example }
        gateway.services.on(ListEvents.self) { _ in Page(data: [.example], nextCursor: "next") }
        gateway.services.on(ActivateEvent.self) { _ in .example }
    }

    @Test("However many look, the owner is asked twice a second at most, for each organisation")
    func coalescing() async throws {
        try await GatewayHarness.with { gateway in
            Self.script(gateway)
            let clients = [try await gateway.organization().client, try await gateway.organization().client]
            let start = ContinuousClock.now
            let answers = try await withThrowingTaskGroup(of: GatewayClient.Answer.self) { group in
                for index in 0..<100 {
                    group.addTask { try await clients[index % 2].get(index % 4 < 2 ? Self.event : Self.availability) }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(answers.allSatisfy { $0.status == 200 })
            #expect(Set(answers.map(\.body)).count == 2)
            #expect(Set(answers.compactMap { $0.header("x-request-id") }).count == 100)
            #expect(answers.allSatisfy { $0.header("ratelimit") != nil })
            let seconds = Int((ContinuousClock.now - start).components.seconds)
            #expect(gateway.services.asked(GetEvent.self).count <= 2 * 2 * (seconds + 1))
            #expect(gateway.services.asked(GetAvailability.self).count <= 2 * 2 * (seconds + 1))
        }
    }

    @Test("A query is an answer of its own, and later pages are not remembered")
    func queries() async throws {
        try await GatewayHarness.with { gateway in
            Self.script(gateway)
            let client = try await gateway.organization().client
            for path in ["/v1/events", "/v1/events?limit=1", "/v1/events?cursor=a", "/v1/events?cursor=a"] {
                #expect(try await client.get(path).status == 200, "\(path)")
            }
            let asked = gateway.services.asked(ListEvents.self).map(\.page)
            #expect(asked.map(\.cursor) == [nil, nil, "a", "a"])
            expect(try await client.get("/v1/events?limit=0"), 422, "validation-failed")
            expect(try await client.get("/v1/events?limit=0"), 422, "validation-failed")
        }
    }

    @Test("Whoever changes something sees it at once, and a refusal is not remembered")
    func changes() async throws {
        try await GatewayHarness.with { gateway in
            Self.script(gateway)
            let client = try await gateway.organization().client
            #expect(try await client.get(Self.event).json["status"] == .string(EventDetails.example.status.rawValue))
            gateway.services.on(GetEvent.self) { _ in
                var event = EventDetails.example
                event.status = .archived
                return event
            }
            #expect(try await client.send("POST", Self.event + "/activate").status == 200)
            #expect(try await client.get(Self.event).json["status"] == .string("archived"))

            gateway.services.on(GetAvailability.self) { _ in throw Problem.notFound("occurrence") }
            expect(try await client.get(Self.availability), 404, "not-found")
            gateway.services.on(GetAvailability.self) { _ in .example }
            #expect(try await client.get(Self.availability).status == 200)
        }
    }

    @Test("A key without the scope, a limited one and a revoked one get nothing from memory")
    func access() async throws {
        try await GatewayHarness.with { gateway in
            Self.script(gateway)
            let (id, keyID, client) = try await gateway.organization()
            #expect(try await client.get(Self.event).status == 200)
            let draft = JSONValue.object(["name": .string("Scans"), "scopes": .array([.string("scans:write")])])
            let other = try await gateway.platform.send("POST", "/v1/organizations/\(id)/api-keys", draft)
            expect(try await gateway.client(try other.text("key")).get(Self.event), 403, "forbidden")
            #expect(
                try await gateway.platform.send("DELETE", "/v1/organizations/\(id)/api-keys/\(keyID)").status == 204)
            gateway.keys.forget(try #require(APIKeyID(keyID)))
            expect(try await client.get(Self.event), 401, "unauthenticated")
        }
    }

    @Test("The short way and the long way give the same answer")
    func ways() async throws {
        try await GatewayHarness.with { gateway in
            Self.script(gateway)
            let client = try await gateway.organization().client
            for path in [Self.event, Self.availability, "/v1/events?limit=2"] {
                let long = try await client.get(path)
                let short = try await client.get(path)
                #expect(short.status == 200)
                #expect(short.body == long.body)
                #expect(Set(short.headers.keys) == Set(long.headers.keys))
                for name in ["content-type", "content-length", "cache-control", "etag", "ratelimit-policy"] {
                    #expect(short.header(name) == long.header(name), "\(name)")
                }
                #expect(short.header("x-request-id") != long.header("x-request-id"))
            }
            let tag = try #require(try await client.get(Self.event).header("etag"))
            let unchanged = try await client.get(Self.event, headers: ["If-None-Match": tag])
            #expect(unchanged.status == 304 && unchanged.body.isEmpty)
            await gateway.requestLog.flush()
            let logged = try await gateway.administrator.query(
                "SELECT count(*)::int FROM api_request_log WHERE route = '/v1/events/{id}' AND status = 200")
            #expect(try logged.decode(Int.self) == [3])
        }
    }

    @Test("Answers come in the order of their requests, also when a later one is in memory and the first is not")
    func pipelining() async throws {
        try await GatewayHarness.with { gateway in
            Self.script(gateway)
            gateway.services.on(GetOrder.self) { _ in .example }
            let client = try await gateway.organization().client
            let key = try #require(client.key)
            for _ in 0..<2 { #expect(try await client.get(Self.event).status == 200) }
            func request(_ path: String) -> String {
                "GET \(path) HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer \(key)\r\n\r\n"
            }
            let connection = try RawConnection(port: gateway.port)
            let order = "/v1/orders/\(OrderID.example)"
            try connection.send(
                request(Self.event) + request(order) + request(Self.event) + request("/v1/nothing"))
            var received = ""
            while !received.contains("404 Not Found") {
                let piece = await connection.receive()
                guard !piece.isEmpty else { break }
                received += piece
            }
            let kinds = received.lowercased().matches(of: #/etag: |"buyer"|404 not found/#).map { String($0.output) }
            #expect(kinds == ["etag: ", "\"buyer\"", "etag: ", "404 not found"], "\(received)")
        }
    }
}
