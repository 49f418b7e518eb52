import ArgumentParser
import Contracts
import Foundation

/// `voelgoed demo`: a first sale through the public API, told step by step: an organisation, an event, a paid checkout,
/// a scan.
///
/// Run again, also after it was interrupted, it does only what is missing: every call has an idempotency key of its own
/// that stays the same, and the scan has the checkout's id.
struct Demo: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Create the demo organisation and sell and scan one ticket through the public API.")

    @Option(help: "The gateway's address.")
    var gateway: String

    @Option(help: "The platform key, which creates organisations.")
    var platformKey: String

    @Option(
        help: "Where the demo's credentials are kept; those of an earlier demo are used again when they still work.")
    var credentials: String

    func run() async throws {
        var file = CredentialsFile(gatewayURL: gateway, platformKey: platformKey)
        // No file, or one that cannot be read, means that there was no demo.
        var demo: CredentialsFile.Demo
        if let earlier = try? CredentialsFile.read(credentials).demo, await works(earlier) {
            print("  the demo organisation exists")
            demo = earlier
        } else {
            demo = try await create()
        }
        file.demo = demo
        try file.write(credentials)
        if let checkoutID = demo.checkoutID, try await isSold(checkoutID, to: demo) {
            print("  its first ticket is sold and scanned")
            return
        }
        demo.checkoutID = try await sell(demo)
        file.demo = demo
        try file.write(credentials)
    }

    private func works(_ demo: CredentialsFile.Demo) async -> Bool {
        let client = GatewayClient(baseURL: gateway, key: demo.key)
        // Whatever the reason, credentials that do not answer are of no use.
        let answer = try? await client.send("GET", "/v1/occurrences/\(demo.occurrenceID)/availability")
        return answer?.status == 200
    }

    private func create() async throws -> CredentialsFile.Demo {
        let platform = GatewayClient(baseURL: gateway, key: platformKey)
        let organization = try await createOrganization(platform)
        let scopes = [
            "events:read", "events:write", "checkouts:write", "orders:read", "orders:refund", "scans:write",
            "webhooks:manage", "reports:read", "ledger:read", "audit:read",
        ]
        let key = try await platform.demand(
            "POST", "/v1/organizations/\(organization)/api-keys",
            .object(["name": .string("Demo"), "scopes": .array(scopes.map { .string($0) })]),
            idempotencyKey: "demo-key-\(organization)"
        ).text("key")
        print("  made an API key for it")
        let client = GatewayClient(baseURL: gateway, key: key)
        let event = try await client.demand(
            "POST", "/v1/events",
            .object([
                "name": .string("Night of the Proms"), "category": .string("entertainment"),
                "venue_name": .string("Royal Hall"), "organizer_name": .string("Voelgoed"),
                "venue_address": .object(["city": .string("Cape Town"), "country": .string("ZA")]),
                "max_capacity": .integer(500),
            ]), idempotencyKey: "demo-event")
        let eventID = try event.text("id")
        let typeID = try await client.demand(
            "POST", "/v1/events/\(eventID)/ticket-types",
            .object([
                "name": .string("General Admission"), "price_cents": .integer(25_000), "currency": .string("ZAR"),
                "quantity_available": .integer(400),
            ]), idempotencyKey: "demo-ticket-type"
        ).text("id")
        let occurrenceID = try await schedule(event, with: client)
        _ = try await client.demand("POST", "/v1/events/\(eventID)/activate", idempotencyKey: "demo-activation")
        print("  put the event \"Night of the Proms\" on sale: 400 tickets at ZAR 250.00")
        return CredentialsFile.Demo(
            organizationID: organization, key: key, eventID: eventID, occurrenceID: occurrenceID, ticketTypeID: typeID)
    }

    /// An evening an hour after the event was made, with open doors. The times come from the event, so that a repeated
    /// call says the same.
    private func schedule(_ event: GatewayClient.Answer, with client: GatewayClient) async throws -> String {
        guard let made = Timestamp(try event.text("created_at")) else {
            throw OperatorError("the event's created_at is no time: \(event.body)")
        }
        return try await client.demand(
            "POST", "/v1/events/\(try event.text("id"))/occurrences",
            .object([
                "start_at": .string((made + .seconds(3600)).description),
                "end_at": .string((made + .seconds(30 * 86_400)).description),
                "admission_opens_at": .string((made - .seconds(3600)).description),
                "timezone": .string("Africa/Johannesburg"),
            ]), idempotencyKey: "demo-occurrence"
        ).text("id")
    }

    /// The slug `demo`, or the next one that is free after an earlier installation's.
    private func createOrganization(_ platform: GatewayClient) async throws -> String {
        for number in 1...100 {
            let slug = number == 1 ? "demo" : "demo-\(number)"
            let answer = try await platform.send(
                "POST", "/v1/organizations", .object(["name": .string("Demo Events"), "slug": .string(slug)]),
                idempotencyKey: "demo-organization-\(slug)")
            if answer.status == 409 { continue }
            guard answer.status == 201 else {
                throw OperatorError("POST /v1/organizations answered \(answer.status): \(answer.body)")
            }
            print("  created the organisation \(slug)")
            return try answer.text("id")
        }
        throw OperatorError("there are a hundred demo organisations already; erase the data with deploy/down --erase")
    }

    private func isSold(_ checkoutID: String, to demo: CredentialsFile.Demo) async throws -> Bool {
        let client = GatewayClient(baseURL: gateway, key: demo.key)
        let answer = try await client.send("GET", "/v1/checkouts/\(checkoutID)")
        guard answer.status == 200 else { return false }
        return try answer.text("state") == "completed"
    }

    /// - Returns: the checkout's id.
    private func sell(_ demo: CredentialsFile.Demo) async throws -> String {
        let client = GatewayClient(baseURL: gateway, key: demo.key)
        let started = try await client.demand(
            "POST", "/v1/checkouts",
            .object([
                "occurrence_id": .string(demo.occurrenceID),
                "items": .array([
                    .object(["ticket_type_id": .string(demo.ticketTypeID), "quantity": .integer(1)])
                ]),
                "buyer": .object([
                    "email": .string("ada@example.org"), "given_name": .string("Ada"),
                    "family_name": .string("Lovelace"),
                ]),
                "payment": .object(["provider": .string("sandbox"), "token": .string("tok_ok")]),
            ]), idempotencyKey: "demo-checkout", headers: [("Prefer", "wait=30")])
        let checkoutID = try started.text("id")
        let checkout = try await settled(checkoutID, client)
        guard try checkout.text("state") == "completed", case .array(let tickets)? = checkout.body["tickets"],
            case .string(let code)? = tickets.first?["code"]
        else { throw OperatorError("the demo checkout did not complete: \(checkout.body)") }
        print("  Ada held a ticket, paid ZAR 250.00 and got \(code.prefix(16))…")
        let scan = try await client.demand(
            "POST", "/v1/scans",
            .object([
                "id": .string(checkoutID), "occurrence_id": .string(demo.occurrenceID), "code": .string(code),
                "direction": .string("in"),
            ]))
        guard try scan.text("result") == "admitted" else {
            throw OperatorError("the demo ticket was not admitted: \(scan.body)")
        }
        print("  the gate scanned it: admitted")
        return checkoutID
    }

    /// The checkout once it is completed, or after half a minute as it is then. Asked anew, because the answer to a
    /// repeated call is the first one's.
    private func settled(_ checkoutID: String, _ client: GatewayClient) async throws -> GatewayClient.Answer {
        let deadline = ContinuousClock.now + .seconds(30)
        while true {
            let checkout = try await client.demand("GET", "/v1/checkouts/\(checkoutID)")
            if try checkout.text("state") == "completed" || ContinuousClock.now >= deadline { return checkout }
            try await Task.sleep(for: .milliseconds(200))
        }
    }
}
