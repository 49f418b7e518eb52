import Contracts
import Foundation
import Hummingbird
import NIOCore
import ServiceLifecycle
import Synchronization
import Testing

@testable import Gateway

@Suite("Checkouts")
struct CheckoutHTTPTests {
    private let path = "/v1/checkouts"

    private func body(_ quantity: Int = 2) -> JSONValue {
        var draft = CheckoutDraft.example
        draft.items[0].quantity = quantity
        return .encoding(draft)
    }

    private static func checkout(_ id: CheckoutID, _ state: CheckoutState, version: Int) -> CheckoutDetails {
        var checkout = CheckoutDetails.example
        checkout.id = id
        checkout.state = state
        checkout.version = version
        return checkout
    }

    private static let onSale: @Sendable (GetAvailability) async throws -> Availability = { _ in
        var availability = Availability.example
        availability.ticketTypes[0].validFrom = nil
        availability.ticketTypes[0].validUntil = nil
        return availability
    }

    @Test("A checkout is under way at once, and found at its Location")
    func starts() async throws {
        try await GatewayHarness.with { gateway in
            gateway.services.on(GetAvailability.self, Self.onSale)
            gateway.services.on(StartCheckout.self) { Self.checkout($0.checkoutID, .holding, version: 1) }
            let client = try await gateway.organization().client
            let answer = try await client.send("POST", path, body())
            #expect(answer.status == 202)
            let id = try answer.text("id")
            #expect(answer.header("location") == "/v1/checkouts/\(id)")
            #expect(answer.header("preference-applied") == nil)
            let asked = try #require(gateway.services.asked(StartCheckout.self).first)
            #expect(asked.checkoutID.description == id)
            #expect(asked.orderID.rawValue == asked.checkoutID.rawValue.derived(for: "order"))
            #expect(asked.draft == .example)
        }
    }

    @Test("Prefer: wait answers as soon as the checkout's settling is heard")
    func waits() async throws {
        try await GatewayHarness.with { gateway in
            let (id, _, client) = try await gateway.organization()
            let organizationID = try #require(OrganizationID(id))
            gateway.services.on(GetAvailability.self, Self.onSale)
            gateway.services.on(StartCheckout.self) { request in
                // Heard before the answer: nothing may be missed.
                gateway.watch.publish(
                    Self.checkout(request.checkoutID, .paying, version: 2), of: organizationID)
                gateway.watch.publish(
                    Self.checkout(request.checkoutID, .completed, version: 3), of: organizationID)
                return Self.checkout(request.checkoutID, .holding, version: 1)
            }
            let answer = try await client.send("POST", path, body(), headers: ["Prefer": "wait=30"])
            #expect(answer.status == 200)
            #expect(answer.json["state"] == .string("completed"))
            #expect(answer.header("preference-applied") == "wait=30")
            #expect(gateway.services.asked(GetCheckout.self).isEmpty)
            #expect(gateway.watch.count == 0)
        }
    }

    @Test("What is not heard is asked for; another organisation's news are not heard")
    func polls() async throws {
        try await GatewayHarness.with { gateway in
            gateway.services.on(GetAvailability.self, Self.onSale)
            gateway.services.on(StartCheckout.self) { request in
                gateway.watch.publish(Self.checkout(request.checkoutID, .completed, version: 9), of: .example)
                return Self.checkout(request.checkoutID, .holding, version: 1)
            }
            gateway.services.on(GetCheckout.self) { Self.checkout($0.checkoutID, .soldOut, version: 2) }
            let client = try await gateway.organization().client
            let answer = try await client.send("POST", path, body(), headers: ["Prefer": "wait=20"])
            #expect(answer.status == 200)
            #expect(answer.json["state"] == .string("sold_out"))
        }
    }

    @Test("A checkout that does not settle in time is still under way")
    func waitsInVain() async throws {
        try await GatewayHarness.with { gateway in
            gateway.services.on(GetAvailability.self, Self.onSale)
            gateway.services.on(StartCheckout.self) { Self.checkout($0.checkoutID, .holding, version: 1) }
            let client = try await gateway.organization().client
            let answer = try await client.send("POST", path, body(), headers: ["Prefer": "wait=1"])
            #expect(answer.status == 202)
            #expect(answer.json["state"] == .string("holding"))
            #expect(answer.header("preference-applied") == "wait=1")
        }
    }

    @Test("A payment waits for what comes after it, not for what was before")
    func pays() async throws {
        try await GatewayHarness.with { gateway in
            let (id, _, client) = try await gateway.organization()
            let organizationID = try #require(OrganizationID(id))
            gateway.services.on(PayCheckout.self) { request in
                gateway.watch.publish(
                    Self.checkout(request.checkoutID, .awaitingPayment, version: 2), of: organizationID)
                gateway.watch.publish(
                    Self.checkout(request.checkoutID, .completed, version: 5), of: organizationID)
                return Self.checkout(request.checkoutID, .paying, version: 3)
            }
            let answer = try await client.send(
                "POST", "\(path)/\(CheckoutID.example)/payment", .encoding(PaymentInstrument.example),
                headers: ["Prefer": "wait=30"])
            #expect(answer.status == 200)
            #expect(answer.json["version"] == .integer(5))
            let wrong = try await client.send(
                "POST", "\(path)/\(CheckoutID.example)/payment",
                .object(["provider": .string("sandbox"), "token": .string("")]))
            #expect(wrong.wrongFields == ["token"])
        }
    }

    @Test(
        "The saga's refusals are passed on",
        arguments: [Problem.Slug.holdExpired, .soldOut, .conflict, .notFound] as [Problem.Slug])
    func refusals(slug: Problem.Slug) async throws {
        try await GatewayHarness.with { gateway in
            gateway.services.on(PayCheckout.self) { _ in throw Problem(slug, "No.") }
            gateway.services.on(CancelCheckout.self) { _ in throw Problem(slug, "No.") }
            let client = try await gateway.organization().client
            let checkout = "\(path)/\(CheckoutID.example)"
            expect(
                try await client.send("POST", "\(checkout)/payment", .encoding(PaymentInstrument.example)), slug.status,
                slug.rawValue)
            expect(try await client.send("DELETE", checkout), slug.status, slug.rawValue)
        }
    }

    @Test("What is wrong with a draft is said before anything is asked, all at once")
    func wrongDrafts() async throws {
        try await GatewayHarness.with { gateway in
            let client = try await gateway.organization().client
            let shape = try await client.send("POST", path, .object(["items": .array([]), "buyer": .string("Ada")]))
            expect(shape, 422, "validation-failed")
            #expect(Set(shape.wrongFields) == ["occurrence_id", "items", "buyer"])
            let values = try await client.send("POST", path, body(101))
            expect(values, 422, "validation-failed")
            #expect(values.wrongFields == ["items[0].quantity"])
            #expect(gateway.services.last == nil)
        }
    }

    @Test("What is not on sale is refused; a no is never an old one")
    func catalogue() async throws {
        try await GatewayHarness.with { gateway in
            let client = try await gateway.organization().client
            gateway.services.on(GetAvailability.self) { _ in throw Problem.notFound("occurrence") }
            expect(try await client.send("POST", path, body()), 404, "not-found")
            gateway.services.on(GetAvailability.self) { request in
                var availability = try await Self.onSale(request)
                availability.eventStatus = .draft
                return availability
            }
            expect(try await client.send("POST", path, body()), 409, "sales-closed")
            gateway.services.on(GetAvailability.self, Self.onSale)
            gateway.services.on(StartCheckout.self) { Self.checkout($0.checkoutID, .holding, version: 1) }
            // Right after the no, and the yes counts.
            #expect(try await client.send("POST", path, body()).status == 202)
            expect(try await client.send("POST", path, body(11)), 422, "validation-failed")
        }
    }

    @Test("Many buyers of one occurrence make few questions")
    func cachedCatalogue() async throws {
        try await GatewayHarness.with { gateway in
            gateway.services.on(GetAvailability.self, Self.onSale)
            gateway.services.on(StartCheckout.self) { Self.checkout($0.checkoutID, .holding, version: 1) }
            let client = try await gateway.organization().client
            let began = ContinuousClock.now
            for _ in 0..<10 { #expect(try await client.send("POST", path, body()).status == 202) }
            let seconds = Int((ContinuousClock.now - began).components.seconds)
            #expect(gateway.services.asked(GetAvailability.self).count <= 2 * (seconds + 1))
            #expect(gateway.services.asked(StartCheckout.self).count == 10)
        }
    }

    @Test("The changes of a checkout are streamed until it ends, and a checkout that is not there is no stream")
    func stream() async throws {
        try await GatewayHarness.with { gateway in
            let (id, _, client) = try await gateway.organization()
            let organizationID = try #require(OrganizationID(id))
            let checkoutID = CheckoutID.example
            gateway.services.on(GetCheckout.self) { _ in throw Problem.notFound("checkout") }
            expect(try await client.get("\(path)/\(checkoutID)/events"), 404, "not-found")
            gateway.services.on(GetCheckout.self) { Self.checkout($0.checkoutID, .holding, version: 1) }
            async let streamed = client.get("\(path)/\(checkoutID)/events")
            while gateway.watch.count == 0 || gateway.services.asked(GetCheckout.self).count < 3 { await Task.yield() }
            gateway.watch.publish(Self.checkout(checkoutID, .paying, version: 2), of: organizationID)
            gateway.watch.publish(Self.checkout(checkoutID, .paying, version: 2), of: organizationID)
            gateway.watch.publish(Self.checkout(checkoutID, .completed, version: 3), of: organizationID)
            let answer = try await streamed
            #expect(answer.status == 200)
            #expect(answer.header("content-type") == "text/event-stream")
            let text = String(decoding: answer.body, as: UTF8.self)
            let ids = text.matches(of: #/(?m)^id: (\d+)$/#).map { String($0.1) }
            #expect(ids.last == "3")
            #expect(ids == ids.sorted() && Set(ids).count == ids.count)
            #expect(text.contains("event: checkout\n"))
            #expect(text.hasSuffix("\n\n"))
            while gateway.watch.count > 0 { await Task.yield() }
        }
    }

    @Test("A client that comes back gets only what it has not seen")
    func resumedStream() async throws {
        try await GatewayHarness.with { gateway in
            gateway.services.on(GetCheckout.self) { Self.checkout($0.checkoutID, .completed, version: 3) }
            let client = try await gateway.organization().client
            let events = "\(path)/\(CheckoutID.example)/events"
            #expect(!(try await client.get(events).body.isEmpty))
            #expect(try await client.get(events, headers: ["Last-Event-ID": "3"]).body.isEmpty)
            #expect(!(try await client.get(events, headers: ["Last-Event-ID": "2"]).body.isEmpty))
        }
    }

    @Test("A revoked key's stream ends, where the revocation is heard and where it is not")
    func revokedStream() async throws {
        for isHeard in [true, false] {
            try await GatewayHarness.with { gateway in
                let (id, keyID, client) = try await gateway.organization()
                gateway.services.on(GetCheckout.self) { Self.checkout($0.checkoutID, .holding, version: 1) }
                async let streamed = client.get("\(path)/\(CheckoutID.example)/events")
                while gateway.watch.count == 0 { await Task.yield() }
                let revoked = try await gateway.platform.send("DELETE", "/v1/organizations/\(id)/api-keys/\(keyID)")
                #expect(revoked.status == 204)
                if isHeard { gateway.keys.forget(try #require(APIKeyID(keyID))) }
                let revokedAt = ContinuousClock.now
                let answer = try await streamed
                #expect(answer.status == 200)
                #expect(String(decoding: answer.body, as: UTF8.self).contains("id: 1\n"))
                #expect(ContinuousClock.now - revokedAt < .seconds(isHeard ? 3 : 5))
                while gateway.watch.count > 0 { await Task.yield() }
            }
        }
    }

    @Test("A suspended organisation's stream ends")
    func suspendedStream() async throws {
        try await GatewayHarness.with { gateway in
            let (id, _, client) = try await gateway.organization()
            gateway.services.on(GetCheckout.self) { Self.checkout($0.checkoutID, .holding, version: 1) }
            async let streamed = client.get("\(path)/\(CheckoutID.example)/events")
            while gateway.watch.count == 0 { await Task.yield() }
            let suspended = try await gateway.platform.send(
                "PATCH", "/v1/organizations/\(id)", .object(["status": .string("suspended")]))
            #expect(suspended.status == 200)
            #expect(try await streamed.status == 200)
        }
    }

    @Test("A gateway that shuts down ends its waits and streams")
    func shutdown() async throws {
        try await GatewayHarness.with { gateway in
            gateway.services.on(GetAvailability.self, Self.onSale)
            gateway.services.on(StartCheckout.self) { Self.checkout($0.checkoutID, .holding, version: 1) }
            gateway.services.on(GetCheckout.self) { Self.checkout($0.checkoutID, .holding, version: 1) }
            let client = try await gateway.organization().client
            let began = ContinuousClock.now
            async let waiting = client.send("POST", path, body(), headers: ["Prefer": "wait=30"])
            async let streaming = client.get("\(path)/\(CheckoutID.example)/events")
            while gateway.watch.count < 2 { await Task.yield() }
            await gateway.group.triggerGracefulShutdown()
            #expect(try await waiting.status == 202)
            #expect(try await streaming.status == 200)
            #expect(ContinuousClock.now - began < .seconds(20))
        }
    }

    @Test("A scan needs no idempotency key: its own id is one")
    func scans() async throws {
        try await GatewayHarness.with { gateway in
            gateway.services.on(RecordScan.self) { _ in .example }
            let client = try await gateway.organization().client
            let answer = try await client.send("POST", "/v1/scans", .encoding(ScanDraft.example), idempotencyKey: nil)
            #expect(answer.status == 200)
            #expect(answer.json["result"] == .string("admitted"))
            let wrong = try await client.send(
                "POST", "/v1/scans", .object(["id": .string("x"), "direction": .string("up")]), idempotencyKey: nil)
            #expect(Set(wrong.wrongFields) == ["id", "occurrence_id", "code", "direction"])
        }
    }
}
