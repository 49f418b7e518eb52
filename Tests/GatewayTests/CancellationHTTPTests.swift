import Contracts
import Foundation
import Testing

@testable import Gateway

@Suite("Cancellations of occurrences")
struct CancellationHTTPTests {
    private let path = "/v1/occurrences/\(OccurrenceID.example)"
    private let body = JSONValue.object(["reason": .string("The artist is ill.")])

    private static func occurrence(_ status: OccurrenceStatus) -> OccurrenceDetails {
        var occurrence = OccurrenceDetails.example
        occurrence.status = status
        return occurrence
    }

    @Test("Canceling answers with the cancellation and where to follow it")
    func cancels() async throws {
        try await GatewayHarness.with { gateway in
            gateway.services.on(CancelOccurrence.self) { _ in Self.occurrence(.canceled) }
            gateway.services.on(GetCancellation.self) { _ in .example }
            let client = try await gateway.organization().client
            let answer = try await client.send("POST", "\(path)/cancel", body)
            #expect(answer.status == 202, "\(answer.json)")
            #expect(answer.header("location") == "\(path)/cancellation")
            #expect(answer.json == .encoding(CancellationDetails.example))
            #expect(gateway.services.asked(CancelOccurrence.self).map(\.reason) == ["The artist is ill."])
            let read = try await client.get("\(path)/cancellation")
            #expect(read.status == 200)
            #expect(read.json == .encoding(CancellationDetails.example))
            gateway.services.on(GetCancellationHistory.self) { _ in .example }
            let history = try await client.get("\(path)/cancellation/history")
            #expect(history.json == .encoding(SagaHistory.example))
        }
    }

    @Test("Before the Coordinator has heard of it, a canceled occurrence is being refunded all the same")
    func notHeardYet() async throws {
        try await GatewayHarness.with { gateway in
            gateway.services.on(CancelOccurrence.self) { _ in Self.occurrence(.canceled) }
            gateway.services.on(GetCancellation.self) { _ in throw Problem.notFound("cancellation") }
            gateway.services.on(GetOccurrence.self) { _ in Self.occurrence(.canceled) }
            let client = try await gateway.organization().client
            let made = try await client.send("POST", "\(path)/cancel", body)
            #expect(made.status == 202)
            #expect(made.json["reason"] == .string("The artist is ill."))
            let read = try await client.get("\(path)/cancellation")
            #expect(read.status == 200)
            for answer in [made, read] {
                #expect(answer.json["state"] == .string("refunding"))
                #expect(answer.json["occurrence_id"] == .string(OccurrenceID.example.description))
                for count in ["orders_total", "orders_refunded", "orders_failed", "orders_pending", "refunded_cents"] {
                    #expect(answer.json[count] == .integer(0), "\(count)")
                }
            }
            #expect(read.json["cause"] == nil && read.json["reason"] == nil)
            gateway.services.on(GetCancellationHistory.self) { _ in throw Problem.notFound("cancellation") }
            let history = try await client.get("\(path)/cancellation/history")
            #expect(history.status == 200)
            #expect(history.json["data"] == .array([]))
        }
    }

    @Test("The Coordinator's silence does not hide that the occurrence is canceled")
    func coordinatorAway() async throws {
        try await GatewayHarness.with { gateway in
            gateway.services.on(CancelOccurrence.self) { _ in Self.occurrence(.canceled) }
            let client = try await gateway.organization().client
            #expect(try await client.send("POST", "\(path)/cancel", body).status == 202)
            expect(try await client.get("\(path)/cancellation"), 503, "unavailable")
        }
    }

    @Test("An occurrence that is not canceled has no cancellation; another organisation's is not there at all")
    func notFound() async throws {
        try await GatewayHarness.with { gateway in
            gateway.services.on(GetCancellation.self) { _ in throw Problem.notFound("cancellation") }
            gateway.services.on(GetOccurrence.self) { _ in Self.occurrence(.scheduled) }
            gateway.services.on(CancelOccurrence.self) { _ in throw Problem.notFound("occurrence") }
            let client = try await gateway.organization().client
            gateway.services.on(GetCancellationHistory.self) { _ in throw Problem.notFound("cancellation") }
            expect(try await client.get("\(path)/cancellation"), 404, "not-found")
            expect(try await client.get("\(path)/cancellation/history"), 404, "not-found")
            gateway.services.on(GetOccurrence.self) { _ in throw Problem.notFound("occurrence") }
            expect(try await client.get("\(path)/cancellation"), 404, "not-found")
            expect(try await client.send("POST", "\(path)/cancel", body), 404, "not-found")
            expect(try await client.get("/v1/occurrences/none/cancellation"), 404, "not-found")
        }
    }

    @Test("Canceling too late is refused, and a cancellation needs its reason and its scope")
    func refusals() async throws {
        try await GatewayHarness.with { gateway in
            gateway.services.on(CancelOccurrence.self) { _ in throw Problem(.conflict, "The cutoff has passed.") }
            let client = try await gateway.organization().client
            expect(try await client.send("POST", "\(path)/cancel", body), 409, "conflict")
            for wrong in [JSONValue.object([:]), .object(["reason": .string("")])] {
                let answer = try await client.send("POST", "\(path)/cancel", wrong)
                expect(answer, 422, "validation-failed")
                #expect(answer.wrongFields == ["reason"])
            }
            expect(
                try await client.send("POST", "\(path)/cancel", body, idempotencyKey: nil), 400,
                "idempotency-key-required")
            let reader = try await gateway.organization([.eventsRead]).client
            expect(try await reader.send("POST", "\(path)/cancel", body), 403, "forbidden")
            #expect(gateway.services.asked(CancelOccurrence.self).count == 1)
            let actions = gateway.work.messages(ActionRecorded.self).filter { $0.action == "occurrence.cancel" }
            #expect(actions.map(\.status) == [409, 422, 422, 403])
            #expect(actions.allSatisfy { $0.resourceID == OccurrenceID.example.description })
        }
    }

    @Test("A canceled occurrence sells nothing more: at once where it was canceled, within a second everywhere")
    func salesStop() async throws {
        try await GatewayHarness.with { gateway in
            let onSale: @Sendable (OccurrenceStatus) -> Availability = { status in
                var availability = Availability.example
                availability.ticketTypes[0].validFrom = nil
                availability.ticketTypes[0].validUntil = nil
                availability.occurrenceStatus = status
                return availability
            }
            gateway.services.on(GetAvailability.self) { _ in onSale(.scheduled) }
            gateway.services.on(StartCheckout.self) { request in
                var checkout = CheckoutDetails.example
                checkout.id = request.checkoutID
                return checkout
            }
            gateway.services.on(GetCheckout.self) { _ in throw Problem.notFound("checkout") }
            gateway.services.on(CancelOccurrence.self) { _ in Self.occurrence(.canceled) }
            gateway.services.on(GetCancellation.self) { _ in .example }
            let client = try await gateway.organization().client
            let checkout = JSONValue.encoding(CheckoutDraft.example)
            #expect(try await client.send("POST", "/v1/checkouts", checkout).status == 202)
            gateway.services.on(GetAvailability.self) { _ in onSale(.canceled) }
            #expect(try await client.send("POST", "\(path)/cancel", body).status == 202)
            expect(try await client.send("POST", "/v1/checkouts", checkout), 409, "sales-closed")

            // A gateway that was told nothing believes its last yes for a second at most.
            gateway.services.on(GetAvailability.self) { _ in onSale(.scheduled) }
            #expect(try await client.send("POST", "/v1/checkouts", checkout).status == 202)
            gateway.services.on(GetAvailability.self) { _ in onSale(.canceled) }
            let canceledAt = ContinuousClock.now
            var problem: String?
            while problem == nil, ContinuousClock.now - canceledAt < .seconds(5) {
                problem = try await client.send("POST", "/v1/checkouts", checkout).slug
            }
            #expect(problem == "sales-closed")
            #expect(ContinuousClock.now - canceledAt < .seconds(2))
        }
    }
}
