import Contracts
import Foundation
import Testing

@testable import Gateway

@Suite("Webhooks and contact addresses over HTTP")
struct WebhookHTTPTests {
    private let path = "/v1/webhook-endpoints/\(WebhookEndpointID.example)"

    @Test("A secret is rotated with a body and without one, under the key's own id")
    func rotation() async throws {
        try await GatewayHarness.with { gateway in
            gateway.services.on(RotateWebhookSecret.self) { _ in .example }
            let client = try await gateway.organization().client
            let bare = try await client.send("POST", "\(path)/rotate-secret")
            #expect(bare.status == 200)
            #expect(bare.json["secret"] == .string("whsec_AAAA"))
            let chosen = try await client.send(
                "POST", "\(path)/rotate-secret", .object(["old_secret_expires_in_seconds": .integer(0)]))
            #expect(chosen.status == 200)
            let wrong = try await client.send(
                "POST", "\(path)/rotate-secret", .object(["old_secret_expires_in_seconds": .integer(604_801)]))
            #expect(wrong.wrongFields == ["old_secret_expires_in_seconds"])
            let asked = gateway.services.asked(RotateWebhookSecret.self)
            #expect(asked.map(\.oldSecretExpiresInSeconds) == [86_400, 0])
            #expect(Set(asked.map(\.rotationID)).count == 2)
        }
    }

    @Test("Deliveries of a stretch of time are tried again; what the body leaves out has its default")
    func range() async throws {
        try await GatewayHarness.with { gateway in
            gateway.services.on(RetryWebhookDeliveries.self) { _ in .example }
            let client = try await gateway.organization().client
            let answer = try await client.send(
                "POST", "\(path)/deliveries/retry", .object(["from": .string("2026-11-21T19:30:00Z")]))
            #expect(answer.status == 202)
            #expect(answer.json["retried_count"] == .integer(1000))
            #expect(answer.json["has_more"] == .bool(true))
            let asked = try #require(gateway.services.asked(RetryWebhookDeliveries.self).first)
            #expect(asked.statuses == [.failed, .exhausted])
            #expect(asked.until == nil && asked.cursor == nil)
            let pending = JSONValue.object([
                "from": .string("2026-11-21T19:30:00Z"), "statuses": .array([.string("pending")]),
            ])
            let wrong = try await client.send("POST", "\(path)/deliveries/retry", pending)
            #expect(wrong.wrongFields == ["statuses[0]"])
            let missing = try await client.send("POST", "\(path)/deliveries/retry", .object([:]))
            #expect(missing.wrongFields == ["from"])
        }
    }

    @Test("The list of deliveries takes a status and times")
    func filters() async throws {
        try await GatewayHarness.with { gateway in
            gateway.services.on(ListWebhookDeliveries.self) { _ in Page(data: [], nextCursor: nil) }
            let client = try await gateway.organization().client
            let query = "status=failed&from=2026-11-21T19:30:00Z&until=2026-11-22T00:00:00Z"
            #expect(try await client.get("\(path)/deliveries?\(query)").status == 200)
            let asked = try #require(gateway.services.asked(ListWebhookDeliveries.self).first)
            #expect(asked.status == .failed)
            #expect(asked.from == Timestamp("2026-11-21T19:30:00Z"))
            #expect(asked.until == Timestamp("2026-11-22T00:00:00Z"))
            let wrong = try await client.get("\(path)/deliveries?status=lost&from=yesterday")
            #expect(Set(wrong.wrongFields) == ["status", "from"])
        }
    }

    @Test("An organisation's contact address is checked, kept and told to the other services")
    func contact() async throws {
        try await GatewayHarness.with { gateway in
            func draft(_ email: String, _ slug: String) -> JSONValue {
                .object(["name": .string("A"), "slug": .string(slug), "contact_email": .string(email)])
            }
            let wrong = try await gateway.platform.send("POST", "/v1/organizations", draft("a,b@example.org", "a"))
            #expect(wrong.wrongFields == ["contact_email"])
            let made = try await gateway.platform.send("POST", "/v1/organizations", draft("a@example.org", "a"))
            #expect(made.status == 201)
            #expect(made.json["contact_email"] == .string("a@example.org"))
            let id = try made.text("id")
            let same = try await gateway.platform.send(
                "PATCH", "/v1/organizations/\(id)", .object(["name": .string("B")]))
            #expect(same.json["contact_email"] == .string("a@example.org"))
            let changed = try await gateway.platform.send(
                "PATCH", "/v1/organizations/\(id)", .object(["contact_email": .string("b@example.org")]))
            #expect(changed.json["contact_email"] == .string("b@example.org"))
            let unreachable = try await gateway.platform.send(
                "PATCH", "/v1/organizations/\(id)", .object(["contact_email": .string("nobody")]))
            #expect(unreachable.wrongFields == ["contact_email"])
            let told = gateway.work.messages(OrganizationChanged.self)
            #expect(told.map(\.contactEmail) == ["a@example.org", "a@example.org", "b@example.org"])
        }
    }
}
