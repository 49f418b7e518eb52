import Contracts
import Foundation

/// An organisation of the campaign's own, with what it has put on sale.
struct Shop: Sendable {
    static let priceCents = 2500

    let client: PatientClient
    /// Sold from all the time.
    let occurrenceID: String
    let ticketTypeID: String
    /// Sold from, and cancelled in the middle of the campaign.
    let canceledOccurrenceID: String
    let abilities: LoadPlan.Abilities

    private static let scopes: [JSONValue] = [
        "events:read", "events:write", "checkouts:write", "orders:read", "orders:refund", "scans:write", "ledger:read",
    ]

    /// Opens the shop, with places that are never short.
    static func open(gateways: [String], platformKey: String, clock: CampaignClock) async throws -> Shop {
        let platform = PatientClient(gateways: gateways, key: platformKey, clock: clock)
        let slug = "faults-\(UUID().uuidString.lowercased())"
        let organization = try await platform.demand(
            .post("/v1/organizations", "organizations", ["name": "Faults", "slug": .string(slug)]))
        let organizationID = try organization.id
        let key = try await platform.demand(
            .post(
                "/v1/organizations/\(organizationID)/api-keys", "api-keys", ["name": "All", "scopes": .array(scopes)]))
        guard let secret = key["key"]?.text else { throw CampaignError("no key in \(key)") }
        let client = PatientClient(gateways: gateways, key: secret, clock: clock)
        let event = try await client.demand(
            .post("/v1/events", "events", ["name": "Faults", "venue_name": "Hall", "max_capacity": 10_000_000])
        ).id
        let ticketType = try await client.demand(
            .post(
                "/v1/events/\(event)/ticket-types", "ticket-types",
                ["name": "General Admission", "price_cents": .integer(priceCents), "currency": "EUR"])
        ).id
        var occurrences: [String] = []
        // Two dates of one event do not overlap, as those of one hall.
        for day in 0..<2 {
            occurrences.append(
                try await client.demand(.post("/v1/events/\(event)/occurrences", "occurrences", date(day))).id)
        }
        _ = try await client.demand(.post("/v1/events/\(event)/activate", "activate"))
        let document = try await client.demand(.get("/openapi.json", "openapi"))
        let paths = document["paths"]?.members ?? [:]
        return Shop(
            client: client, occurrenceID: occurrences[0], ticketTypeID: ticketType,
            canceledOccurrenceID: occurrences[1],
            abilities: LoadPlan.Abilities(
                refunds: paths["/v1/orders/{id}/refunds"] != nil,
                cancellations: paths["/v1/occurrences/{id}/cancel"] != nil))
    }

    /// An occurrence whose doors are open already.
    private static func date(_ day: Int) -> JSONValue {
        let start = Timestamp(Date()) + .seconds(3600 + day * 90_000)
        return [
            "start_at": .string(start.description), "end_at": .string((start + .seconds(80_000)).description),
            "admission_opens_at": .string((start - .seconds(7200 + day * 90_000)).description),
            "timezone": "Europe/Amsterdam",
        ]
    }

    /// The same shop with times that count from another beginning.
    func running(on clock: CampaignClock) -> Shop {
        Shop(
            client: PatientClient(gateways: client.gateways, key: client.key, clock: clock), occurrenceID: occurrenceID,
            ticketTypeID: ticketTypeID, canceledOccurrenceID: canceledOccurrenceID, abilities: abilities)
    }

    /// The body of a checkout.
    func order(_ operation: LoadPlan.Operation) -> JSONValue {
        var body: [String: JSONValue] = [
            "occurrence_id": .string(operation.isForCanceledOccurrence ? canceledOccurrenceID : occurrenceID),
            "items": [["ticket_type_id": .string(ticketTypeID), "quantity": .integer(operation.quantity)]],
            "buyer": ["email": .string("buyer\(operation.id)@example.org"), "given_name": "Ada"],
        ]
        if let token = operation.token { body["payment"] = ["provider": "sandbox", "token": .string(token)] }
        return .object(body)
    }
}

extension PatientClient {
    /// Sends while the platform is well, and demands success.
    func demand(_ call: HTTPCall) async throws -> JSONValue {
        guard let reply = try await send(call, until: clock.now + 60, note: { _ in }) else {
            throw CampaignError("\(call.name) was not answered")
        }
        guard reply.isSuccess else { throw CampaignError("\(call.name) answered \(reply.status): \(reply.body)") }
        return reply.body
    }
}

extension JSONValue {
    fileprivate var id: String {
        get throws {
            guard let id = self["id"]?.text else { throw CampaignError("no id in \(self)") }
            return id
        }
    }
}
