import Contracts
import Foundation
import Messaging
import Postgres
import Testing

@testable import Gateway

@Suite("Who gets in")
struct AccessHTTPTests {
    @Test("Without a key, with a wrong one, and with another scheme: 401, and how to do better")
    func unauthenticated() async throws {
        try await GatewayHarness.with { gateway in
            let wrong = APIKeySecret.make(at: MomentNow.moment).text
            for key in [nil, "nonsense", wrong, GatewayHarness.platformKey + "x"] {
                let answer = try await gateway.client(key).get("/v1/events")
                expect(answer, 401, "unauthenticated")
                #expect(answer.header("www-authenticate")?.hasPrefix("Bearer") == true)
            }
            let basic = try await gateway.client(nil).get("/v1/events", headers: ["Authorization": "Basic abc"])
            expect(basic, 401, "unauthenticated")
        }
    }

    @Test("A key does what its scopes allow; the platform key only the platform's work")
    func scopes() async throws {
        try await GatewayHarness.with { gateway in
            gateway.services.on(ListEvents.self) { _ in Page(data: [.example], nextCursor: nil) }
            let reader = try await gateway.organization([.eventsRead]).client
            #expect(try await reader.get("/v1/events").status == 200)
            expect(try await reader.send("POST", "/v1/events", .object(["name": .string("A")])), 403, "forbidden")
            expect(try await reader.get("/v1/organizations"), 403, "forbidden")
            expect(try await gateway.platform.get("/v1/events"), 403, "forbidden")
            #expect(gateway.services.asked(CreateEvent.self).isEmpty)
        }
    }

    @Test(
        "A revoked key stops working, at once where its event is heard and within a second everywhere",
        .timeLimit(.minutes(1)))
    func revoked() async throws {
        try await GatewayHarness.with { gateway in
            gateway.services.on(ListEvents.self) { _ in Page(data: [], nextCursor: nil) }
            let (id, keyID, client) = try await gateway.organization()
            let other = KeyDirectory(database: gateway.database, platformKey: GatewayHarness.platformKey)
            let authorization = "Bearer \(try #require(client.key))"
            #expect(try await client.get("/v1/events").status == 200)
            _ = try await other.caller(authorization: authorization, at: MomentNow.now)
            let path = "/v1/organizations/\(id)/api-keys/\(keyID)"
            #expect(try await gateway.platform.send("DELETE", path).status == 204)
            #expect(gateway.work.messages(APIKeyRevoked.self).map(\.apiKeyID.description) == [keyID])
            let revokedAt = ContinuousClock.now
            gateway.keys.forget(try #require(APIKeyID(keyID)))
            expect(try await client.get("/v1/events"), 401, "unauthenticated")
            // The other gateway has not heard of it.
            var isRefused = false
            // Of the last call that was still let in, when it began: a busy machine may take its time to refuse the next.
            var lastUse = Duration.zero
            while !isRefused {
                let begin = ContinuousClock.now
                isRefused = (try? await other.caller(authorization: authorization, at: MomentNow.now)) == nil
                if !isRefused { lastUse = begin - revokedAt }
                await Task.yield()
            }
            #expect(lastUse < .seconds(1))
            #expect(try await gateway.platform.send("DELETE", path).status == 204)
            #expect(gateway.work.messages(APIKeyRevoked.self).count == 1)
        }
    }

    @Test("An expired key is unknown")
    func expired() async throws {
        try await GatewayHarness.with { gateway in
            let (_, keyID, client) = try await gateway.organization()
            try await gateway.administrator.withTransaction { transaction in
                try transaction.execute(
                    "UPDATE api_keys SET expires_at = now() - interval '1 second' WHERE id = \(UUID(uuidString: keyID))"
                )
            }
            expect(try await client.get("/v1/events"), 401, "unauthenticated")
        }
    }

    @Test("A suspended organisation does nothing until it is active again")
    func suspended() async throws {
        try await GatewayHarness.with { gateway in
            gateway.services.on(ListEvents.self) { _ in Page(data: [], nextCursor: nil) }
            let (id, _, client) = try await gateway.organization()
            #expect(try await client.get("/v1/events").status == 200)
            func change(_ status: String) async throws {
                let answer = try await gateway.platform.send(
                    "PATCH", "/v1/organizations/\(id)", .object(["status": .string(status)]))
                #expect(answer.status == 200)
                gateway.keys.forget(keysOf: try #require(OrganizationID(id)))
            }
            try await change("suspended")
            expect(try await client.get("/v1/events"), 403, "organization-inactive")
            let key: JSONValue = .object(["name": .string("A"), "scopes": .array([.string("events:read")])])
            expect(
                try await gateway.platform.send("POST", "/v1/organizations/\(id)/api-keys", key), 403,
                "organization-inactive")
            try await change("active")
            #expect(try await client.get("/v1/events").status == 200)
            let heard = gateway.work.messages(OrganizationChanged.self).filter { $0.organizationID.description == id }
            #expect(heard.map(\.status) == [.active, .suspended, .active])
            #expect(heard.map(\.version) == [1, 2, 3])
        }
    }

    @Test("A key beyond its limit is told when to come back; every answer says what is left")
    func rateLimit() async throws {
        try await GatewayHarness.with { gateway in
            gateway.services.on(ListEvents.self) { _ in Page(data: [], nextCursor: nil) }
            let client = try await gateway.organization(requestsPerSecond: 1).client
            let first = try await client.get("/v1/events")
            #expect(first.header("ratelimit-policy") == "\"default\";q=1;w=1")
            #expect(first.header("ratelimit") == "\"default\";r=0;t=1")
            var limited: GatewayClient.Answer?
            for _ in 0..<50 where limited == nil {
                let answer = try await client.get("/v1/events")
                if answer.status == 429 { limited = answer }
            }
            let refusal = try #require(limited)
            expect(refusal, 429, "rate-limited")
            #expect(refusal.header("retry-after") == "1")
            #expect(refusal.header("ratelimit") != nil)
        }
    }

    @Test("While keys cannot be checked, nobody is believed")
    func databaseAway() async throws {
        try await GatewayHarness.with { gateway in
            let client = try await gateway.organization().client
            await gateway.database.close()
            let answer = try await client.get("/v1/events")
            expect(answer, 503, "unavailable")
            #expect(answer.header("retry-after") == "1")
        }
    }
}

/// The present, for calls that want it.
enum MomentNow {
    static var now: Timestamp { Timestamp(Date()) }
    static var moment: Moment { MomentSource.system.moment() }
}
