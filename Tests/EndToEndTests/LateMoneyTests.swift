import Contracts
import Foundation
import Testing

extension EndToEndTests {
    @Suite("Money that comes late, or twice")
    struct LateMoneyTests {
        private static let payment: JSONValue = ["provider": "sandbox", "token": "tok_ok"]

        /// Waits until money is either behind tickets or on its way back for good.
        private func outcome(_ sale: Organizer.Sale, _ id: String) async throws -> APIClient.Answer {
            var checkout = try await sale.client.get("/v1/checkouts/\(id)")
            let isOver = try await eventually(within: .seconds(120)) {
                checkout = try await sale.client.get("/v1/checkouts/\(id)")
                return ["completed", "refunded", "expired"].contains(checkout["state"]?.text)
            }
            #expect(isOver, "\(checkout.json)")
            return checkout
        }

        @Test(
            "A payment that ends after the hold buys the last place or is refunded, and the place is sold once",
            arguments: ["tok_async", "tok_late"])
        func late(token: String) async throws {
            let sale = try await Organizer.make().sell(capacity: 1)
            let held = try await sale.buy(token: nil)
            let id = try held.text("id")
            let expiresAt = try #require(Timestamp(try held.text("expires_at")))
            // So near the end that the answer of the provider comes after it.
            let isNearTheEnd = try await eventually { Timestamp(Date()) > expiresAt - .milliseconds(1500) }
            try #require(isNearTheEnd)
            let paid = try await sale.client.send(
                "POST", "/v1/checkouts/\(id)/payment", ["provider": "sandbox", "token": .string(token)])
            #expect(paid.status == 202, "\(paid.json)")
            let hasExpired = try await eventually { Timestamp(Date()) > expiresAt }
            try #require(hasExpired)
            // A rival, while the money is under way.
            let rival = try await sale.tryToBuy()
            let checkout = try await outcome(sale, id)
            switch checkout["state"]?.text {
            case "completed":
                #expect(rival == "sold_out")
                #expect(checkout["tickets"]?.list?.first?["status"] == "confirmed")
            case "refunded":
                #expect(rival == "completed")
            default:
                Issue.record("money was taken, and nothing was given for it: \(checkout.json)")
            }
            try await sale.demandAvailability(sold: 1, available: 0)
            try await Installation.demandClean()
            try await sale.demandLedger(keptCents: 2500)
        }

        @Test("Two payments of one checkout at once: one is taken, and no more than the price is kept")
        func twoPayments() async throws {
            let sale = try await Organizer.make().sell(capacity: 3)
            let held = try await sale.buy(2, token: nil)
            let id = try held.text("id")
            let answers = try await withThrowingTaskGroup(of: APIClient.Answer.self) { group in
                for _ in 0..<4 {
                    group.addTask {
                        try await sale.client.send(
                            "POST", "/v1/checkouts/\(id)/payment", Self.payment, headers: ["Prefer": "wait=30"])
                    }
                }
                return try await group.reduce(into: [APIClient.Answer]()) { $0.append($1) }
            }
            #expect(answers.filter { $0.status == 200 }.count == 1, "\(answers.map(\.json))")
            #expect(answers.filter { $0.problem == "conflict" }.count == 3, "\(answers.map(\.json))")
            #expect(try await sale.settled(id)["state"] == "completed")
            let again = try await sale.client.send("POST", "/v1/checkouts/\(id)/payment", Self.payment)
            #expect(again.problem == "conflict", "\(again.json)")
            try await sale.demandAvailability(sold: 2, available: 1)
            try await Installation.demandClean()
            try await sale.demandLedger(keptCents: 5000)
        }

        @Test("A payment that was refused while the tickets were not held yet succeeds under the same key")
        func tooEarly() async throws {
            let sale = try await Organizer.make().sell()
            let started = try await sale.client.demand(202, "POST", "/v1/checkouts", sale.order(token: nil))
            let path = "/v1/checkouts/\(try started.text("id"))/payment"
            let key = UUID().uuidString
            var paid: APIClient.Answer?
            let isPaid = try await eventually {
                let answer = try await sale.client.send(
                    "POST", path, Self.payment, idempotencyKey: key, headers: ["Prefer": "wait=30"])
                paid = answer
                return answer.status == 200
            }
            #expect(isPaid, "\(paid?.json ?? .null)")
            #expect(paid?["state"] == "completed")
        }
    }
}
