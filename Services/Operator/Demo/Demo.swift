import ArgumentParser
import Contracts
import Foundation

/// `voelgoed demo`: a first sale through the public API, told step by step: an organisation, an event, a paid checkout, a scan.
struct Demo: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Create the demo organisation and sell and scan one ticket through the public API.")

    @Option(help: "The gateway's address.")
    var gateway: String

    @Option(help: "The platform key, which creates organisations.")
    var platformKey: String

    @Option(help: "Where the demo's credentials are kept; those of an earlier demo are used again when they still work.")
    var credentials: String

    func run() async throws {
        var file = CredentialsFile(gatewayURL: gateway, platformKey: platformKey)
        if let earlier = try? CredentialsFile.read(credentials).demo, await works(earlier) {
            print("  the demo organisation exists")
            file.demo = earlier
        } else {
            file.demo = try await create()
        }
        try file.write(credentials)
        guard let demo = file.demo else { return }
        try await sell(demo)
    }

    private func works(_ demo: CredentialsFile.Demo) async -> Bool {
        let client = GatewayClient(baseURL: gateway, key: demo.key)
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
            .object(["name": .string("Demo"), "scopes": .array(scopes.map { .string($0) })])
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
            ])
        ).text("id")
        let type = try await client.demand(
            "POST", "/v1/events/\(event)/ticket-types",
            .object([
                "name": .string("General Admission"), "price_cents": .integer(25_000), "currency": .string("ZAR"),
                "quantity_available": .integer(400),
            ])
        ).text("id")
        let now = Timestamp(Date())
        let occurrence = try await client.demand(
            "POST", "/v1/events/\(event)/occurrences",
            .object([
                "start_at": .string((now + .seconds(3600)).description),
                "end_at": .string((now + .seconds(30 * 86_400)).description),
                "admission_opens_at": .string((now - .seconds(3600)).description),
                "timezone": .string("Africa/Johannesburg"),
            ])
        ).text("id")
        _ = try await client.demand("POST", "/v1/events/\(event)/activate")
        print("  put the event \"Night of the Proms\" on sale: 400 tickets at ZAR 250.00")
        return CredentialsFile.Demo(
            organizationID: organization, key: key, eventID: event, occurrenceID: occurrence, ticketTypeID: type)
    }

    /// The slug `demo`, or the next one that is free after an earlier installation's.
    private func createOrganization(_ platform: GatewayClient) async throws -> String {
        for number in 1...100 {
            let slug = number == 1 ? "demo" : "demo-\(number)"
            let answer = try await platform.send(
                "POST", "/v1/organizations", .object(["name": .string("Demo Events"), "slug": .string(slug)]))
            if answer.status == 409 { continue }
            guard answer.status == 201 else {
                throw OperatorError("POST /v1/organizations answered \(answer.status): \(answer.body)")
            }
            print("  created the organisation \(slug)")
            return try answer.text("id")
        }
        throw OperatorError("there are a hundred demo organisations already; erase the data with deploy/down --erase")
    }

    private func sell(_ demo: CredentialsFile.Demo) async throws {
        let client = GatewayClient(baseURL: gateway, key: demo.key)
        let checkout = try await client.demand(
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
            ]), headers: [("Prefer", "wait=30")])
        guard try checkout.text("state") == "completed", case .array(let tickets)? = checkout.body["tickets"],
            case .string(let code)? = tickets.first?["code"]
        else { throw OperatorError("the demo checkout did not complete: \(checkout.body)") }
        print("  Ada held a ticket, paid ZAR 250.00 and got \(code.prefix(16))…")
        let scan = try await client.demand(
            "POST", "/v1/scans",
            .object([
                "id": .string(UUID().uuidString.lowercased()), "occurrence_id": .string(demo.occurrenceID),
                "code": .string(code), "direction": .string("in"),
            ]))
        guard try scan.text("result") == "admitted" else {
            throw OperatorError("the demo ticket was not admitted: \(scan.body)")
        }
        print("  the gate scanned it: admitted")
    }
}

/// `.local/credentials.json`: what a newcomer and outside checks need for a first call.
struct CredentialsFile: Codable, Sendable {
    struct Demo: Codable, Sendable {
        var organizationID: String
        var key: String
        var eventID: String
        var occurrenceID: String
        var ticketTypeID: String

        enum CodingKeys: String, CodingKey {
            case key
            case organizationID = "organization_id"
            case eventID = "event_id"
            case occurrenceID = "occurrence_id"
            case ticketTypeID = "ticket_type_id"
        }
    }

    var gatewayURL: String
    var platformKey: String
    var demo: Demo?

    enum CodingKeys: String, CodingKey {
        case demo
        case gatewayURL = "gateway_url"
        case platformKey = "platform_key"
    }

    static func read(_ path: String) throws -> CredentialsFile {
        try JSONDecoder().decode(CredentialsFile.self, from: Data(contentsOf: URL(filePath: path)))
    }

    /// Readable by its owner only: it holds keys.
    func write(_ path: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let data = try encoder.encode(self)
        let draft = path + ".new"
        guard
            FileManager.default.createFile(atPath: draft, contents: data, attributes: [.posixPermissions: 0o600]),
            rename(draft, path) == 0
        else { throw OperatorError("\(path) cannot be written") }
    }
}
