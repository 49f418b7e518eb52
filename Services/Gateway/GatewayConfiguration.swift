import Foundation
import ServiceRuntime

/// What an operator decides about the Gateway.
struct GatewayConfiguration: Sendable {
    private static let shortestPlatformKey = 32

    let host: String
    let port: Int
    let maximumConnections: Int
    let platformKey: String
    let publicURL: String
    let admission: AdmissionLimit.Rules

    private static func admission(_ settings: ServiceSettings) throws -> AdmissionLimit.Rules {
        let milliseconds = try settings.integer(
            "checkouts.target.milliseconds", default: 1500, in: 100...30_000,
            "How long a checkout may take while more buyers come than can be served. More are under way with a longer one."
        )
        let minimum = try settings.integer(
            "checkouts.minimum", default: 128, in: 1...100_000,
            "The fewest checkouts that one process lets be under way at a time, however slow all is.")
        let maximum = try settings.integer(
            "checkouts.maximum", default: 4096, in: 1...100_000,
            "The most checkouts that one process lets be under way at a time, however fast all is.")
        guard minimum <= maximum else {
            throw SettingError(
                variable: ServiceSettings.variable("checkouts.maximum"),
                problem: "must not be less than \(ServiceSettings.variable("checkouts.minimum"))")
        }
        return AdmissionLimit.Rules(target: .milliseconds(milliseconds), bounds: minimum...maximum)
    }

    init(_ settings: ServiceSettings) throws {
        host = try settings.string("http.host", default: "127.0.0.1", "The address the HTTP API listens on.")
        port = try settings.integer(
            "http.port", default: 8080, in: 0...65_535, "The port the HTTP API listens on; 0 for any free one.")
        maximumConnections = try settings.integer(
            "http.connections", default: 10_000, in: 1...1_000_000, "The most connections one process serves at a time."
        )
        admission = try Self.admission(settings)
        platformKey = try settings.secret(
            "platform.key", "The key that creates organisations and their keys: 32 characters or more.")
        guard platformKey.utf8.count >= Self.shortestPlatformKey else {
            throw SettingError(
                variable: ServiceSettings.variable("platform.key"),
                problem: "must have \(Self.shortestPlatformKey) characters or more")
        }
        publicURL = try settings.string(
            "public.url", default: "http://127.0.0.1:8080", "Where clients reach the API, for its own documents.")
        guard let url = URL(string: publicURL), ["http", "https"].contains(url.scheme), url.host() != nil else {
            throw SettingError(
                variable: ServiceSettings.variable("public.url"), problem: "must be an http or https URL")
        }
    }
}
