import Contracts
import Foundation
import ServiceLifecycle
import Synchronization
import Testing

@testable import Gateway

@Suite("Refunds")
struct RefundHTTPTests {
    private let path = "/v1/orders/\(OrderID.example)/refunds"
    private let all = JSONValue.object(["reason": .string("The artist is ill.")])

    private static func refund(_ id: RefundID, _ state: RefundState, version: Int = 1) -> RefundDetails {
        var refund = RefundDetails.example
        refund.id = id
        refund.state = state
        refund.version = version
        refund.failure = nil
        return refund
    }

    /// Everything can be refunded, and nothing is until a test says so.
    private func allow(_ services: ScriptedServices) {
        services.on(QuoteRefund.self) { _ in .example }
        services.on(StartRefund.self) { Self.refund($0.refundID, .requested) }
        services.on(GetRefund.self) { _ in throw Problem.notFound("refund") }
    }

    @Test("A refund is quoted, started, and found at its Location")
    func starts() async throws {
        try await GatewayHarness.with { gateway in
            allow(gateway.services)
            let client = try await gateway.organization().client
            let body = JSONValue.object([
                "reason": .string("The artist is ill."), "ticket_ids": .array([.string(TicketID.example.description)]),
                "overrides_policy": .bool(true),
            ])
            let answer = try await client.send("POST", path, body)
            #expect(answer.status == 202, "\(answer.json)")
            let id = try answer.text("id")
            #expect(answer.header("location") == "/v1/refunds/\(id)")
            #expect(answer.header("preference-applied") == nil)
            #expect(answer.json["state"] == .string("requested"))
            #expect(answer.json["amount_cents"] == .integer(5000))
            let quoted = try #require(gateway.services.asked(QuoteRefund.self).first)
            let started = try #require(gateway.services.asked(StartRefund.self).first)
            #expect(started.refundID.description == id)
            #expect(started.orderID == .example && quoted.orderID == .example)
            #expect(started.quote == .example)
            let draft = RefundDraft(
                reason: "The artist is ill.", ticketIDs: [.example], amountCents: nil, overridesPolicy: true)
            #expect(started.draft == draft && quoted.draft == draft)
        }
    }

    @Test("Wrong fields are named before anything is asked")
    func wrongDrafts() async throws {
        try await GatewayHarness.with { gateway in
            let client = try await gateway.organization().client
            let ticket = JSONValue.string(TicketID.example.description)
            let cases: [(JSONValue, Set<String>)] = [
                (.object([:]), ["reason"]),
                (.object(["reason": .string(" "), "amount_cents": .integer(0)]), ["reason", "amount_cents"]),
                (.object(["reason": .string(String(repeating: "x", count: 501))]), ["reason"]),
                (.object(["reason": .string("x"), "ticket_ids": .array([])]), ["ticket_ids"]),
                (.object(["reason": .string("x"), "ticket_ids": .array([ticket, ticket])]), ["ticket_ids"]),
                (.object(["reason": .string("x"), "ticket_ids": .array([.string("x")])]), ["ticket_ids[0]"]),
                (.object(["reason": .string("x"), "amount_cents": .number(1.5)]), ["amount_cents"]),
                (
                    .object(["reason": .string("x"), "amount_cents": .integer(1), "ticket_ids": .array([ticket])]),
                    ["ticket_ids"]
                ),
            ]
            for (body, fields) in cases {
                let answer = try await client.send("POST", path, body)
                expect(answer, 422, "validation-failed")
                #expect(Set(answer.wrongFields) == fields, "\(answer.json)")
            }
            #expect(gateway.services.last == nil)
            expect(try await client.send("POST", path, all, idempotencyKey: nil), 400, "idempotency-key-required")
            expect(try await client.send("POST", "/v1/orders/none/refunds", all), 404, "not-found")
        }
    }

    @Test("Optional fields may be null, and a reason may have several lines")
    func nulls() async throws {
        try await GatewayHarness.with { gateway in
            allow(gateway.services)
            let client = try await gateway.organization().client
            let body = JSONValue.object([
                "reason": .string("The artist is ill.\nWe are sorry."), "ticket_ids": .null, "amount_cents": .null,
                "overrides_policy": .null,
            ])
            #expect(try await client.send("POST", path, body).status == 202)
        }
    }

    @Test(
        "Ticketing's refusals are passed on when nothing was started",
        arguments: [
            (Problem.Slug.alreadyRefunded, 409), (.refundExceedsPayment, 422), (.refundNotAllowed, 409),
            (.conflict, 409), (.notFound, 404), (.validationFailed, 422),
        ])
    func refusals(slug: Problem.Slug, status: Int) async throws {
        try await GatewayHarness.with { gateway in
            allow(gateway.services)
            gateway.services.on(QuoteRefund.self) { _ in throw Problem(slug, "No.") }
            let client = try await gateway.organization().client
            expect(try await client.send("POST", path, all), status, slug.rawValue)
            #expect(gateway.services.asked(StartRefund.self).isEmpty)
        }
    }

    @Test("A repetition whose first answer was lost finds the refund it has started, though nothing is left to refund")
    func repetition() async throws {
        try await GatewayHarness.with { gateway in
            allow(gateway.services)
            // The refund is started, and the answer is lost.
            let begun = Mutex<RefundID?>(nil)
            gateway.services.on(StartRefund.self) { request in
                begun.withLock { $0 = request.refundID }
                throw Problem(.unavailable, "The coordinator service did not answer.", retryAfterSeconds: 1)
            }
            let client = try await gateway.organization().client
            expect(try await client.send("POST", path, all, idempotencyKey: "a"), 503, "unavailable")

            gateway.services.on(QuoteRefund.self) { _ in throw Problem(.alreadyRefunded, "Nothing is left.") }
            gateway.services.on(GetRefund.self) { request in
                guard request.refundID == begun.withLock({ $0 }) else { throw Problem.notFound("refund") }
                return Self.refund(request.refundID, .refunding, version: 2)
            }
            let again = try await client.send("POST", path, all, idempotencyKey: "a")
            #expect(again.status == 202, "\(again.json)")
            #expect(try again.text("id") == begun.withLock { $0?.description })
            // The same wish under another key is another refund: there is nothing left for it.
            expect(try await client.send("POST", path, all, idempotencyKey: "b"), 409, "already-refunded")
        }
    }

    @Test("While it cannot be known whether the refund was started, nothing is refused for good")
    func unknown() async throws {
        try await GatewayHarness.with { gateway in
            allow(gateway.services)
            gateway.services.on(QuoteRefund.self) { _ in throw Problem(.refundExceedsPayment, "Too much.") }
            gateway.services.on(GetRefund.self) { _ in throw Problem(.unavailable, "Away.", retryAfterSeconds: 1) }
            let client = try await gateway.organization().client
            expect(try await client.send("POST", path, all, idempotencyKey: "a"), 503, "unavailable")
            gateway.services.on(GetRefund.self) { Self.refund($0.refundID, .completed) }
            #expect(try await client.send("POST", path, all, idempotencyKey: "a").status == 202)
        }
    }

    @Test("Prefer: wait answers once the refund has ended, or as it stands when the time is up")
    func waits() async throws {
        try await GatewayHarness.with { gateway in
            allow(gateway.services)
            let asked = Mutex(0)
            gateway.services.on(GetRefund.self) { request in
                let count = asked.withLock { count in
                    count += 1
                    return count
                }
                switch count {
                case 1: return Self.refund(request.refundID, .refunding, version: 2)
                case 2: throw Problem(.unavailable, "Away.", retryAfterSeconds: 1)
                default: return Self.refund(request.refundID, .completed, version: 4)
                }
            }
            let client = try await gateway.organization().client
            let ended = try await client.send("POST", path, all, headers: ["Prefer": "wait=30"])
            #expect(ended.status == 200, "\(ended.json)")
            #expect(ended.json["state"] == .string("completed"))
            #expect(ended.header("preference-applied") == "wait=30")
            #expect(ended.header("location") == "/v1/refunds/\(try ended.text("id"))")

            gateway.services.on(GetRefund.self) { Self.refund($0.refundID, .pending, version: 3) }
            let pending = try await client.send("POST", path, all, headers: ["Prefer": "wait=1"])
            #expect(pending.status == 202)
            #expect(pending.json["state"] == .string("pending"))
            #expect(pending.header("preference-applied") == "wait=1")
        }
    }

    @Test("A gateway that shuts down ends its waits for refunds")
    func shutdown() async throws {
        try await GatewayHarness.with { gateway in
            allow(gateway.services)
            gateway.services.on(GetRefund.self) { Self.refund($0.refundID, .pending, version: 3) }
            let client = try await gateway.organization().client
            async let waiting = client.send("POST", path, all, headers: ["Prefer": "wait=30"])
            while gateway.services.asked(GetRefund.self).isEmpty { await Task.yield() }
            let began = ContinuousClock.now
            await gateway.group.triggerGracefulShutdown()
            #expect(try await waiting.status == 202)
            #expect(ContinuousClock.now - began < .seconds(20))
        }
    }

    @Test("A refund is read by its id, and refunding needs a scope of its own")
    func reads() async throws {
        try await GatewayHarness.with { gateway in
            allow(gateway.services)
            let reader = try await gateway.organization([.ordersRead]).client
            expect(try await reader.get("/v1/refunds/\(RefundID.example)"), 404, "not-found")
            gateway.services.on(GetRefund.self) { Self.refund($0.refundID, .completed) }
            let refund = try await reader.get("/v1/refunds/\(RefundID.example)")
            #expect(refund.status == 200)
            #expect(try refund.text("id") == RefundID.example.description)
            expect(try await reader.send("POST", path, all), 403, "forbidden")
            gateway.services.on(GetRefundHistory.self) { _ in .example }
            let history = try await reader.get("/v1/refunds/\(RefundID.example)/history")
            #expect(history.status == 200)
            #expect(history.json == .encoding(SagaHistory.example))
            #expect(gateway.services.asked(QuoteRefund.self).isEmpty)
        }
    }

    @Test("Refunds asked for are in the audit log with their order, granted and refused")
    func audit() async throws {
        try await GatewayHarness.with { gateway in
            allow(gateway.services)
            let client = try await gateway.organization().client
            _ = try await client.send("POST", path, all)
            gateway.services.on(QuoteRefund.self) { _ in throw Problem(.alreadyRefunded, "Nothing is left.") }
            _ = try await client.send("POST", path, all)
            let actions = gateway.work.messages(ActionRecorded.self).filter { $0.action == "order.refund" }
            #expect(actions.map(\.status) == [202, 409])
            #expect(actions.map(\.resourceType) == ["order", "order"])
            #expect(actions.map(\.resourceID) == [OrderID.example.description, OrderID.example.description])
        }
    }
}
