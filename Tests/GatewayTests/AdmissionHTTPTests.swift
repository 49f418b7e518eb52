import Contracts
import Foundation
import Postgres
import Synchronization
import Testing

@testable import Gateway

@Suite("More buyers than can be served")
struct AdmissionHTTPTests {
    private let path = "/v1/checkouts"
    private let body = JSONValue.encoding(CheckoutDraft.example)
    /// One checkout at a time.
    private static let narrow = ["voelgoed.checkouts.minimum": "1", "voelgoed.checkouts.maximum": "1"]

    /// Makes checkouts wait until a test lets them go on.
    private final class Gate: Sendable {
        private struct State {
            var isOpen = false
            var waiting: [CheckedContinuation<Void, Never>] = []
        }

        private let state = Mutex(State())

        var waitingCount: Int { state.withLock { $0.waiting.count } }

        func pass() async {
            await withCheckedContinuation { continuation in
                let isOpen = state.withLock { state in
                    if !state.isOpen { state.waiting.append(continuation) }
                    return state.isOpen
                }
                if isOpen { continuation.resume() }
            }
        }

        func open() {
            let waiting = state.withLock { state in
                state.isOpen = true
                defer { state.waiting = [] }
                return state.waiting
            }
            for continuation in waiting { continuation.resume() }
        }
    }

    private static func checkout(_ id: CheckoutID, _ state: CheckoutState, version: Int = 1) -> CheckoutDetails {
        var checkout = CheckoutDetails.example
        checkout.id = id
        checkout.state = state
        checkout.version = version
        return checkout
    }

    private static func sell(_ gateway: GatewayHarness) {
        gateway.services.on(GetAvailability.self) { _ in
            var availability = Availability.example
            availability.ticketTypes[0].validFrom = nil
            availability.ticketTypes[0].validUntil = nil
            return availability
        }
    }

    private func keyCount(_ gateway: GatewayHarness) async throws -> Int? {
        try await gateway.administrator.query("SELECT count(*) FROM idempotency_keys WHERE path = \(path)")
            .decode(Int.self).first
    }

    @Test(
        "While the platform is busy a buyer is told to come back, before anything is done, and then buys under the same key"
    )
    func refusedAndRecovers() async throws {
        try await GatewayHarness.with(settings: Self.narrow) { gateway in
            Self.sell(gateway)
            let gate = Gate()
            gateway.services.on(StartCheckout.self) { request in
                await gate.pass()
                return Self.checkout(request.checkoutID, .awaitingPayment)
            }
            let client = try await gateway.organization().client
            async let first = client.send("POST", path, body)
            while gate.waitingCount == 0 { await Task.yield() }
            let key = UUID().uuidString
            // The first refusal takes the long way, because the key may not be remembered; the others the short one.
            for _ in 0..<5 {
                let refused = try await client.send("POST", path, body, idempotencyKey: key)
                expect(refused, 429, "rate-limited")
                #expect(refused.header("retry-after").flatMap { Int($0) }.map { (1...20).contains($0) } == true)
                #expect(refused.header("ratelimit") != nil)
                #expect(refused.header("cache-control") == "no-store")
            }
            #expect(try await keyCount(gateway) == 1)
            #expect(gateway.services.asked(StartCheckout.self).count == 1)
            // What is no beginning of a checkout is served all the same.
            #expect(try await client.get("/v1/occurrences/\(OccurrenceID.example)/availability").status == 200)
            gate.open()
            #expect(try await first.status == 202)
            let bought = try await eventuallyAdmitted { try await client.send("POST", path, body, idempotencyKey: key) }
            #expect(bought.status == 202)
            let repeated = try await eventuallyAdmitted {
                try await client.send("POST", path, body, idempotencyKey: key)
            }
            #expect(repeated.body == bought.body)
        }
    }

    @Test("A checkout whose buyer does not wait is under way until it has settled")
    func unattended() async throws {
        try await GatewayHarness.with(settings: Self.narrow) { gateway in
            Self.sell(gateway)
            gateway.services.on(StartCheckout.self) { Self.checkout($0.checkoutID, .holding) }
            gateway.services.on(GetCheckout.self) { Self.checkout($0.checkoutID, .holding) }
            let (id, _, client) = try await gateway.organization()
            let organizationID = try #require(OrganizationID(id))
            let first = try await client.send("POST", path, body)
            #expect(first.status == 202)
            expect(try await client.send("POST", path, body), 429, "rate-limited")
            let checkoutID = try #require(CheckoutID(try first.text("id")))
            while gateway.watch.count == 0 { await Task.yield() }
            gateway.watch.publish(Self.checkout(checkoutID, .completed, version: 2), of: organizationID)
            let second = try await eventuallyAdmitted { try await client.send("POST", path, body) }
            #expect(second.status == 202)
        }
    }

    @Test("A refusal gives its room back at once")
    func refusalsTakeNoRoom() async throws {
        try await GatewayHarness.with(settings: Self.narrow) { gateway in
            Self.sell(gateway)
            gateway.services.on(StartCheckout.self) { _ in throw Problem(.unavailable, "No answer.") }
            let client = try await gateway.organization().client
            for _ in 0..<3 {
                let answer = try await eventuallyAdmitted { try await client.send("POST", path, body) }
                expect(answer, 503, "unavailable")
            }
        }
    }

    /// The answer once it is none of 429: room is given back just after the answer that ends its use.
    private func eventuallyAdmitted(
        _ send: () async throws -> GatewayClient.Answer
    ) async throws -> GatewayClient.Answer {
        for _ in 0..<1000 {
            let answer = try await send()
            if answer.status != 429 { return answer }
        }
        return try await send()
    }
}
