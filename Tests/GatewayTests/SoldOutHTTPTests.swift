import Contracts
import Foundation
import Messaging
import Postgres
import Synchronization
import Testing

@testable import Gateway

@Suite("Buyers who come too late")
struct SoldOutHTTPTests {
    private let path = "/v1/checkouts"
    private let body = JSONValue.encoding(CheckoutDraft.example)

    /// A hall as Ticketing knows it.
    private final class Hall: Sendable {
        private let left: Mutex<Int?>

        init(left: Int?) {
            self.left = Mutex(left)
        }

        func set(left: Int?) { self.left.withLock { $0 = left } }

        var availability: Availability {
            var availability = Availability.example
            let left = left.withLock { $0 }
            availability.available = left
            availability.ticketTypes[0].available = left
            availability.ticketTypes[0].validFrom = nil
            availability.ticketTypes[0].validUntil = nil
            return availability
        }
    }

    private static func serve(_ gateway: GatewayHarness, _ hall: Hall) {
        gateway.services.on(GetAvailability.self) { _ in hall.availability }
        gateway.services.on(StartCheckout.self) { request in
            var checkout = CheckoutDetails.example
            checkout.id = request.checkoutID
            checkout.state = .awaitingPayment
            return checkout
        }
    }

    private func keyCount(_ gateway: GatewayHarness) async throws -> Int? {
        try await gateway.administrator.query("SELECT count(*) FROM idempotency_keys WHERE path = \(path)")
            .decode(Int.self).first
    }

    @Test("Whoever wants more than is left hears sold-out before anything is done, and few questions are asked")
    func refused() async throws {
        try await GatewayHarness.with { gateway in
            let hall = Hall(left: 1)
            Self.serve(gateway, hall)
            let client = try await gateway.organization().client
            let began = ContinuousClock.now
            for _ in 0..<20 { expect(try await client.send("POST", path, body), 409, "sold-out") }
            let seconds = Int((ContinuousClock.now - began).components.seconds)
            #expect(gateway.services.asked(GetAvailability.self).count <= 2 * (seconds + 1))
            #expect(gateway.services.asked(StartCheckout.self).isEmpty)
            #expect(gateway.services.asked(GetCheckout.self).isEmpty)
            #expect(try await keyCount(gateway) == 0)
            var single = CheckoutDraft.example
            single.items[0].quantity = 1
            single.attendees = nil
            #expect(try await client.send("POST", path, .encoding(single)).status == 202)
        }
    }

    @Test("Where nobody counts places, nothing is sold out")
    func unlimited() async throws {
        try await GatewayHarness.with { gateway in
            Self.serve(gateway, Hall(left: nil))
            let client = try await gateway.organization().client
            #expect(try await client.send("POST", path, body).status == 202)
        }
    }

    @Test("A place that comes back is for sale as soon as it is heard of, under the same key")
    func placesComeBack() async throws {
        try await GatewayHarness.with { gateway in
            let hall = Hall(left: 0)
            Self.serve(gateway, hall)
            let (id, _, client) = try await gateway.organization()
            let organizationID = try #require(OrganizationID(id))
            let key = UUID().uuidString
            expect(try await client.send("POST", path, body, idempotencyKey: key), 409, "sold-out")
            let news = CheckoutNews(watch: gateway.watch, answers: gateway.answers, availability: gateway.availability)
            var ended = CheckoutProgressed.example
            ended.checkout.state = .expired
            let envelope = Envelope(
                id: UUID(), type: CheckoutProgressed.name, occurredAt: .example,
                correlationID: CheckoutID.example.rawValue, organizationID: organizationID, appID: "coordinator")
            try news.hear(envelope, try MessageCodec.encode(ended))
            // The news may be here before Ticketing has given the places back.
            expect(try await client.send("POST", path, body, idempotencyKey: key), 409, "sold-out")
            hall.set(left: 2)
            #expect(try await client.send("POST", path, body, idempotencyKey: key).status == 202)
        }
    }

    @Test("More capacity that is given through this gateway is for sale at once")
    func capacityGrows() async throws {
        try await GatewayHarness.with { gateway in
            let hall = Hall(left: 0)
            Self.serve(gateway, hall)
            gateway.services.on(UpdateEvent.self) { _ in
                hall.set(left: 100)
                return .example
            }
            let client = try await gateway.organization().client
            expect(try await client.send("POST", path, body), 409, "sold-out")
            let patched = try await client.send(
                "PATCH", "/v1/events/\(EventID.example)", .object(["max_capacity": .integer(100)]))
            #expect(patched.status == 200, "\(patched.json)")
            #expect(try await client.send("POST", path, body).status == 202)
        }
    }

    @Test("Whoever is shown places that are left is not refused by what was known before")
    func shown() async throws {
        try await GatewayHarness.with { gateway in
            let hall = Hall(left: 0)
            Self.serve(gateway, hall)
            let client = try await gateway.organization().client
            expect(try await client.send("POST", path, body), 409, "sold-out")
            hall.set(left: 2)
            let availability = try await client.get(
                "/v1/occurrences/\(CheckoutDraft.example.occurrenceID)/availability")
            #expect(availability.json["available"] == .integer(2))
            #expect(try await client.send("POST", path, body).status == 202)
        }
    }

    @Test("A repetition finds what it bought with the last places")
    func repetition() async throws {
        try await GatewayHarness.with { gateway in
            let hall = Hall(left: 2)
            Self.serve(gateway, hall)
            let (id, _, client) = try await gateway.organization()
            let key = UUID().uuidString
            let bought = try await client.send("POST", path, body, idempotencyKey: key)
            #expect(bought.status == 202)
            hall.set(left: 0)
            gateway.availability.expectMore(CheckoutDraft.example.occurrenceID, of: try #require(OrganizationID(id)))
            expect(try await client.send("POST", path, body), 409, "sold-out")
            let repeated = try await client.send("POST", path, body, idempotencyKey: key)
            #expect(repeated.status == 202)
            #expect(repeated.body == bought.body)
        }
    }

    @Test("A repetition of a request whose outcome is not known asks the saga, not the stock")
    func unknownOutcome() async throws {
        try await GatewayHarness.with { gateway in
            let hall = Hall(left: 2)
            Self.serve(gateway, hall)
            let (id, _, client) = try await gateway.organization()
            gateway.services.on(StartCheckout.self) { _ in throw Problem(.unavailable, "No answer.") }
            let key = UUID().uuidString
            expect(try await client.send("POST", path, body, idempotencyKey: key), 503, "unavailable")
            let asked = try #require(gateway.services.asked(StartCheckout.self).first)
            hall.set(left: 0)
            gateway.availability.expectMore(CheckoutDraft.example.occurrenceID, of: try #require(OrganizationID(id)))
            Self.serve(gateway, hall)
            #expect(try await client.send("POST", path, body, idempotencyKey: key).status == 202)
            #expect(
                gateway.services.asked(StartCheckout.self).map(\.checkoutID) == [asked.checkoutID, asked.checkoutID])
        }
    }
}
