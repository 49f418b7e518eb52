import Contracts
import Foundation
import Testing

extension EndToEndTests {
    @Suite("Payments of every kind")
    struct PaymentTests {
        @Test(
            "Payments that succeed sooner or later complete the checkout",
            arguments: ["tok_ok", "tok_slow", "tok_async", "tok_lost", "tok_unavailable"])
        func succeeding(token: String) async throws {
            let sale = try await Organizer.make().sell(capacity: 5)
            let started = try await sale.client.demand(202, "POST", "/v1/checkouts", sale.order(2, token: token))
            let id = try started.text("id")
            var checkout = started
            let completed = try await eventually(within: .seconds(90)) {
                checkout = try await sale.client.get("/v1/checkouts/\(id)")
                return checkout["state"] == "completed"
            }
            #expect(completed, "\(checkout.json)")
            #expect(checkout["payment"]?["state"] == "succeeded")
            let entries = try await sale.client.demand(
                200, "GET", "/v1/ledger/entries?order_id=\(try checkout.text("order_id"))")
            #expect(entries["data"]?.list?.count == 1, "one capture is one entry")
        }

        @Test(
            "A refused payment leaves the hold, says why, and another payment may follow",
            arguments: [
                ("tok_declined", "declined"), ("tok_insufficient_funds", "insufficient_funds"),
                ("tok_nonsense", "invalid_token"),
            ])
        func refused(token: String, reason: String) async throws {
            let sale = try await Organizer.make().sell(capacity: 5)
            let checkout = try await sale.buy(1, token: token)
            #expect(try checkout.text("state") == "awaiting_payment")
            #expect(checkout["payment"]?["state"] == "failed")
            #expect(checkout["payment"]?["reason"]?.text == reason)
            let paid = try await sale.client.send(
                "POST", "/v1/checkouts/\(try checkout.text("id"))/payment", ["provider": "sandbox", "token": "tok_ok"],
                headers: ["Prefer": "wait=30"])
            #expect(paid.status == 200)
            #expect(paid["state"] == "completed")
        }

        @Test("A payment that is under way keeps its places when the hold's time is over, and completes")
        func moneyInFlight() async throws {
            let sale = try await Organizer.make().sell(capacity: 1)
            let started = try await sale.client.demand(202, "POST", "/v1/checkouts", sale.order(1, token: "tok_late"))
            let id = try started.text("id")
            var checkout = started
            let completed = try await eventually(within: .seconds(120)) {
                checkout = try await sale.client.get("/v1/checkouts/\(id)")
                return checkout["state"] == "completed"
            }
            #expect(completed, "\(checkout.json)")
            try await Installation.demandClean()
        }
    }
}
