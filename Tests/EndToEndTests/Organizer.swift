import Contracts
import Foundation
import Testing

/// An organisation of a test's own, with what it has put on sale.
struct Organizer: Sendable {
    let client: APIClient
    let organizationID: String

    static let scopes: [JSONValue] = [
        "events:read", "events:write", "checkouts:write", "orders:read", "orders:refund", "scans:write",
        "webhooks:manage", "reports:read", "ledger:read", "audit:read",
    ]

    /// A new organisation with a key that may do everything.
    static func make() async throws -> Organizer {
        let platform = try APIClient(key: Installation.platformKey)
        let slug = "test-\(UUID().uuidString.lowercased())"
        let organization = try await platform.demand(
            201, "POST", "/v1/organizations", ["name": "Test", "slug": .string(slug)]
        ).text("id")
        let key = try await platform.demand(
            201, "POST", "/v1/organizations/\(organization)/api-keys", ["name": "All", "scopes": .array(scopes)]
        ).text("key")
        return Organizer(client: try APIClient(key: key), organizationID: organization)
    }

    /// Something on sale.
    struct Sale: Sendable {
        let organizer: Organizer
        let eventID: String
        let occurrenceID: String
        let ticketTypeID: String

        var client: APIClient { organizer.client }
    }

    /// An active event with one occurrence, whose doors are open, and one ticket type.
    func sell(
        capacity: Int? = nil, quantity: Int? = nil, priceCents: Int = 2500, currency: String = "EUR",
        type: [String: JSONValue] = [:], settings: JSONValue? = nil
    ) async throws -> Sale {
        var event: [String: JSONValue] = [
            "name": .string("Concert \(UUID().uuidString.prefix(8))"), "venue_name": "Hall",
        ]
        if let capacity { event["max_capacity"] = .integer(capacity) }
        event["settings"] = settings
        let eventID = try await client.demand(201, "POST", "/v1/events", .object(event)).text("id")
        var ticketType: [String: JSONValue] = [
            "name": "General Admission", "price_cents": .integer(priceCents), "currency": .string(currency),
        ]
        if let quantity { ticketType["quantity_available"] = .integer(quantity) }
        ticketType.merge(type) { $1 }
        let typeID = try await client.demand(201, "POST", "/v1/events/\(eventID)/ticket-types", .object(ticketType))
            .text("id")
        let now = Timestamp(Date())
        let occurrenceID = try await client.demand(
            201, "POST", "/v1/events/\(eventID)/occurrences",
            [
                "start_at": .string((now + .seconds(3600)).description),
                "end_at": .string((now + .seconds(86_400)).description),
                "admission_opens_at": .string((now - .seconds(3600)).description),
                "timezone": "Europe/Amsterdam",
            ]
        ).text("id")
        _ = try await client.demand(200, "POST", "/v1/events/\(eventID)/activate")
        return Sale(organizer: self, eventID: eventID, occurrenceID: occurrenceID, ticketTypeID: typeID)
    }
}

extension Organizer.Sale {
    /// The body of a checkout.
    func order(_ quantity: Int = 1, token: String? = "tok_ok", email: String = "ada@example.org") -> JSONValue {
        var body: [String: JSONValue] = [
            "occurrence_id": .string(occurrenceID),
            "items": [["ticket_type_id": .string(ticketTypeID), "quantity": .integer(quantity)]],
            "buyer": ["email": .string(email), "given_name": "Ada", "family_name": "Lovelace"],
        ]
        if let token { body["payment"] = ["provider": "sandbox", "token": .string(token)] }
        return .object(body)
    }

    /// Buys and waits until the checkout settles.
    func buy(
        _ quantity: Int = 1, token: String? = "tok_ok", email: String = "ada@example.org"
    ) async throws -> APIClient.Answer {
        let answer = try await client.send(
            "POST", "/v1/checkouts", order(quantity, token: token, email: email), headers: ["Prefer": "wait=30"])
        try #require([200, 202].contains(answer.status), "\(answer.status) \(answer.json)")
        if answer.status == 200 { return answer }
        return try await settled(try answer.text("id"))
    }

    /// Tries to buy, and tells the state in which that ends: `sold_out` also when the gateway knew before that nothing was
    /// left.
    func tryToBuy() async throws -> String {
        let answer = try await client.send("POST", "/v1/checkouts", order(), headers: ["Prefer": "wait=30"])
        if answer.status == 409, answer.problem == "sold-out" { return "sold_out" }
        try #require([200, 202].contains(answer.status), "\(answer.status) \(answer.json)")
        return try await settled(try answer.text("id")).text("state")
    }

    /// Waits until a checkout settles.
    func settled(_ id: String, within limit: Duration = .seconds(60)) async throws -> APIClient.Answer {
        var answer = try await client.get("/v1/checkouts/\(id)")
        let isSettled = try await eventually(within: limit) {
            answer = try await client.get("/v1/checkouts/\(id)")
            return CheckoutState(rawValue: answer["state"]?.text ?? "")?.isSettled == true
        }
        #expect(isSettled, "checkout \(id) did not settle: \(answer.json)")
        return answer
    }

    func scan(_ code: String, direction: String = "in", id: String = UUID().uuidString) async throws -> APIClient.Answer
    {
        try await client.send(
            "POST", "/v1/scans",
            [
                "id": .string(id), "occurrence_id": .string(occurrenceID), "code": .string(code),
                "direction": .string(direction),
            ])
    }
}
