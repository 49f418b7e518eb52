import AsyncHTTPClient
import Foundation
import NIOCore
import NIOFoundationCompat
import NIOHTTP1

/// The public HTTP API as the load needs it.
struct Shop: Sendable {
    let client: HTTPClient
    let gateway: String
    let key: String

    /// What is bought.
    struct Sale: Sendable {
        let occurrenceID: String
        let ticketTypeID: String
    }

    struct Unexpected: Error, CustomStringConvertible {
        let description: String
    }

    /// An event of its own with so many places that none are short.
    func openSale() async throws -> Sale {
        let event = try await post("/v1/events", ["name": "Load", "max_capacity": 10_000_000])
        let eventID = try text(event, "id")
        let type = try await post(
            "/v1/events/\(eventID)/ticket-types",
            ["name": "General Admission", "price_cents": 2500, "currency": "EUR", "quantity_available": 10_000_000])
        let now = Date()
        let occurrence = try await post(
            "/v1/events/\(eventID)/occurrences",
            [
                "start_at": now.addingTimeInterval(86_400).formatted(.iso8601),
                "end_at": now.addingTimeInterval(172_800).formatted(.iso8601), "timezone": "Europe/Amsterdam",
            ])
        _ = try await post("/v1/events/\(eventID)/activate", [:])
        return Sale(occurrenceID: try text(occurrence, "id"), ticketTypeID: try text(type, "id"))
    }

    /// Buys two tickets and waits until the checkout has settled.
    /// - Returns: the state it settled in.
    func buy(_ sale: Sale, buyer: Int) async throws -> String {
        let body: [String: any Sendable] = [
            "occurrence_id": sale.occurrenceID,
            "items": [["ticket_type_id": sale.ticketTypeID, "quantity": 2] as [String: any Sendable]],
            "buyer": ["email": "buyer\(buyer)@example.org", "given_name": "Buyer"],
            "payment": ["provider": "sandbox", "token": "tok_ok"],
        ]
        return try text(try await post("/v1/checkouts", body, prefer: "wait=30"), "state")
    }

    private func post(
        _ path: String, _ body: [String: any Sendable], prefer: String? = nil
    ) async throws -> [String: any Sendable] {
        var request = HTTPClientRequest(url: gateway + path)
        request.method = .POST
        request.headers.add(name: "Authorization", value: "Bearer \(key)")
        request.headers.add(name: "Content-Type", value: "application/json")
        request.headers.add(name: "Idempotency-Key", value: UUID().uuidString)
        if let prefer { request.headers.add(name: "Prefer", value: prefer) }
        request.body = .bytes(ByteBuffer(data: try JSONSerialization.data(withJSONObject: body)))
        let response = try await client.execute(request, timeout: .seconds(60))
        let data = Data(buffer: try await response.body.collect(upTo: 4 << 20))
        guard (200..<300).contains(response.status.code) else {
            throw Unexpected(description: "\(path) answered \(response.status): \(String(decoding: data, as: UTF8.self))")
        }
        return try JSONSerialization.jsonObject(with: data) as? [String: any Sendable] ?? [:]
    }

    private func text(_ object: [String: any Sendable], _ name: String) throws -> String {
        guard let text = object[name] as? String else { throw Unexpected(description: "no \(name) in \(object)") }
        return text
    }
}
