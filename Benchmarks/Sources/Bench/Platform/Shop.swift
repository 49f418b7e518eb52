import Foundation

/// An organisation that sells.
struct Shop {
    /// What is bought: a ticket type of an occurrence, with the key that may buy it.
    struct Sale {
        var key: String
        var eventID: String
        var occurrenceID: String
        var ticketTypeID: String
        /// How many tickets there are.
        var places: Int
    }

    private static let scopes = [
        "events:read", "events:write", "checkouts:write", "orders:read", "scans:write", "webhooks:manage",
        "reports:read",
    ]

    let gateway: Gateway
    let organizationID: String
    let key: String

    /// Founds the organisation. Its webhooks about completed orders go to the port, if one is given.
    static func open(
        _ gateway: Gateway, platformKey: String, slug: String, webhookPort: UInt16? = nil
    ) throws -> Shop {
        let organizationID = try gateway.create(
            "/v1/organizations", key: platformKey, ["name": "Bench \(slug)", "slug": slug])
        // The limit per key is not what is measured.
        let key = try gateway.create(
            "/v1/organizations/\(organizationID)/api-keys", key: platformKey,
            ["name": "Bench", "scopes": scopes, "requests_per_second": 100_000], "key")
        if let webhookPort {
            _ = try gateway.create(
                "/v1/webhook-endpoints", key: key,
                ["url": "http://127.0.0.1:\(webhookPort)/hooks", "event_types": ["order.completed"]])
        }
        return Shop(gateway: gateway, organizationID: organizationID, key: key)
    }

    /// Puts an event with one ticket type and one date on sale. Its doors are open already.
    func sell(_ name: String, places: Int) throws -> Sale {
        let event = try gateway.create(
            "/v1/events", key: key, ["name": name, "venue_name": "Hall", "max_capacity": places])
        let type = try gateway.create(
            "/v1/events/\(event)/ticket-types", key: key,
            ["name": "General Admission", "price_cents": 2500, "currency": "EUR", "quantity_available": places])
        let now = Date()
        let occurrence = try gateway.create(
            "/v1/events/\(event)/occurrences", key: key,
            [
                "start_at": now.addingTimeInterval(3600).formatted(.iso8601),
                "end_at": now.addingTimeInterval(90_000).formatted(.iso8601),
                "admission_opens_at": now.addingTimeInterval(-3600).formatted(.iso8601),
                "timezone": "Europe/Amsterdam",
            ])
        _ = try gateway.post("/v1/events/\(event)/activate", key: key, [:])
        return Sale(key: key, eventID: event, occurrenceID: occurrence, ticketTypeID: type, places: places)
    }
}
