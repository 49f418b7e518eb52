import Contracts
import Foundation
import Testing

extension Organizer.Sale {
    /// Something that was bought.
    struct Purchase: Sendable {
        let orderID: String
        let ticketIDs: [String]
        let codes: [String]
    }

    /// Buys and demands that it completes.
    func purchase(_ quantity: Int, email: String = "ada@example.org") async throws -> Purchase {
        let checkout = try await buy(quantity, email: email)
        try #require(try checkout.text("state") == "completed", "\(checkout.json)")
        let tickets = try #require(checkout["tickets"]?.list)
        return Purchase(
            orderID: try checkout.text("order_id"), ticketIDs: try tickets.map { try #require($0["id"]?.text) },
            codes: try tickets.map { try #require($0["code"]?.text) })
    }

    /// Asks for a refund.
    func refund(
        _ orderID: String, _ what: [String: JSONValue] = [:], idempotencyKey: String = UUID().uuidString,
        headers: [String: String] = [:]
    ) async throws -> APIClient.Answer {
        let body = JSONValue.object(what.merging(["reason": "The artist is ill."]) { given, _ in given })
        return try await client.send(
            "POST", "/v1/orders/\(orderID)/refunds", body, idempotencyKey: idempotencyKey, headers: headers)
    }

    /// Refunds, and demands that it completes.
    func refundWholly(_ orderID: String, _ what: [String: JSONValue] = [:]) async throws -> APIClient.Answer {
        let begun = try await refund(orderID, what)
        try #require(begun.status == 202, "\(begun.status) \(begun.json)")
        let ended = try await ended(refund: try begun.text("id"))
        #expect(ended["state"] == "completed", "\(ended.json)")
        return ended
    }

    /// Waits until a refund has ended.
    func ended(refund id: String, within limit: Duration = .seconds(60)) async throws -> APIClient.Answer {
        var answer = try await client.get("/v1/refunds/\(id)")
        let hasEnded = try await eventually(within: limit) {
            answer = try await client.get("/v1/refunds/\(id)")
            return RefundState(rawValue: answer["state"]?.text ?? "")?.isFinal == true
        }
        #expect(hasEnded, "refund \(id) did not end: \(answer.json)")
        return answer
    }

    /// Cancels the occurrence, and demands that it is accepted.
    func cancel() async throws -> APIClient.Answer {
        try await client.demand(
            202, "POST", "/v1/occurrences/\(occurrenceID)/cancel", ["reason": "The artist is ill."])
    }

    /// Waits until the refunds of the canceled occurrence have been tried.
    func cancellationEnded(within limit: Duration = .seconds(90)) async throws -> APIClient.Answer {
        var answer = try await client.get("/v1/occurrences/\(occurrenceID)/cancellation")
        let hasEnded = try await eventually(within: limit) {
            answer = try await client.get("/v1/occurrences/\(occurrenceID)/cancellation")
            return ["completed", "incomplete"].contains(answer["state"]?.text)
        }
        #expect(hasEnded, "the cancellation did not end: \(answer.json)")
        return answer
    }

    /// Waits until this many tickets are sold and the rest is free.
    func demandAvailability(sold: Int, available: Int, _ location: SourceLocation = #_sourceLocation) async throws {
        var availability = try await client.get("/v1/occurrences/\(occurrenceID)/availability")
        let isSo = try await eventually {
            availability = try await client.get("/v1/occurrences/\(occurrenceID)/availability")
            return availability["sold"] == .integer(sold) && availability["available"] == .integer(available)
        }
        #expect(isSo, "\(availability.json)", sourceLocation: location)
    }

    /// Waits until the report says so, with one ticket type that says the same.
    func demandReport(
        sold: Int, revenueCents: Int, refundedCents: Int, refundedForTicketsCents: Int? = nil,
        _ location: SourceLocation = #_sourceLocation
    ) async throws {
        var report = try await client.get("/v1/occurrences/\(occurrenceID)/report")
        let isSo = try await eventually {
            report = try await client.get("/v1/occurrences/\(occurrenceID)/report")
            return report["tickets_sold"] == .integer(sold) && report["refunded_cents"] == .integer(refundedCents)
        }
        #expect(isSo, "\(report.json)", sourceLocation: location)
        #expect(report["revenue_cents"] == .integer(revenueCents), "\(report.json)", sourceLocation: location)
        let type = try #require(report["by_ticket_type"]?.list?.first, sourceLocation: location)
        #expect(type["tickets_sold"] == .integer(sold), "\(report.json)", sourceLocation: location)
        #expect(
            type["refunded_cents"] == .integer(refundedForTicketsCents ?? refundedCents), "\(report.json)",
            sourceLocation: location)
    }

    /// Demands a ledger that balances, in which the provider has kept exactly so much and nothing is under way.
    func demandLedger(keptCents: Int, _ location: SourceLocation = #_sourceLocation) async throws {
        let entries = try #require(
            try await client.demand(200, "GET", "/v1/ledger/entries?limit=200")["data"]?.list, sourceLocation: location)
        for entry in entries {
            let amounts = try #require(entry["lines"]?.list).compactMap { $0["amount_cents"]?.count }
            #expect(amounts.reduce(0, +) == 0, "\(entry)", sourceLocation: location)
        }
        let accounts = try #require(
            try await client.demand(200, "GET", "/v1/ledger/accounts")["data"]?.list, sourceLocation: location)
        var balances: [String: Int] = [:]
        for account in accounts {
            balances[account["kind"]?.text ?? "", default: 0] += account["balance_cents"]?.count ?? 0
        }
        #expect(balances.values.reduce(0, +) == 0, "\(balances)", sourceLocation: location)
        #expect(balances["provider_clearing"] == keptCents, "\(balances)", sourceLocation: location)
        #expect(balances["refunds_clearing", default: 0] == 0, "\(balances)", sourceLocation: location)
    }

    /// Waits at most a second until the gate turns a ticket away as revoked. It is shown on the way out, where nobody
    /// has come in, so that it is not used up.
    func demandRevoked(_ code: String, _ location: SourceLocation = #_sourceLocation) async throws {
        let isRevoked = try await eventually(within: .seconds(1), every: .milliseconds(50)) {
            try await scan(code, direction: "out")["result"] == "revoked"
        }
        #expect(isRevoked, "the ticket is not revoked within a second", sourceLocation: location)
        #expect(try await scan(code)["result"] == "revoked", sourceLocation: location)
    }
}
