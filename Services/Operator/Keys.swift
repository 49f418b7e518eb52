import ArgumentParser
import Contracts

/// `voelgoed keys`: API keys without writing HTTP by hand.
struct Keys: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make API keys.", subcommands: [Create.self])

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Make an API key; it is shown once.")
        @Option(help: "The organisation's id.")
        var organization: String
        @Option(help: "What the key is for.")
        var name: String
        @Option(parsing: .upToNextOption, help: "What it may do, such as events:read scans:write.")
        var scopes: [String]
        @Option(help: "When it stops working, RFC 3339.")
        var expiresAt: String?

        func run() async throws {
            let environment = OperatorEnvironment()
            let client = GatewayClient(
                baseURL: try environment.value("VOELGOED_GATEWAY_URL"),
                key: try environment.value("VOELGOED_PLATFORM_KEY"))
            var body: [String: JSONValue] = [
                "name": .string(name), "scopes": .array(scopes.map { .string($0) }),
            ]
            if let expiresAt { body["expires_at"] = .string(expiresAt) }
            let answer = try await client.demand(
                "POST", "/v1/organizations/\(organization)/api-keys", .object(body))
            print(try answer.text("key"))
        }
    }
}
