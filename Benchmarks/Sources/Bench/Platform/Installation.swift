import Foundation

/// The prepared platform, as `deploy/bench` describes it.
struct Installation: Decodable {
    struct Database: Decodable {
        /// The folder of `psql` and `pgbench`.
        var tools: String
        var socket: String
        var port: Int
        /// Where the server's process id is kept.
        var pidFile: String
    }

    struct Broker: Decodable {
        var metricsPort: UInt16
        var pidFile: String
    }

    /// The HTTP API, one port for each gateway process.
    var gatewayPorts: [UInt16]
    var platformKey: String
    /// What the supervisor says of the running processes.
    var supervisorState: String
    var database: Database
    var broker: Broker
    /// Where the platform hands its mails.
    var mailPort: UInt16
    var operatorTool: String
    /// Lines `NAME=VALUE` for the operator's tool.
    var operatorEnvironment: String
    /// Where the statements of the floor are.
    var floorFolder: String
    /// Versions and the commit, for the head of the table: names and values in their order.
    var facts: [[String]]

    static let services = [
        "gateway", "ticketing", "payments", "scanning", "notifications", "analytics", "coordinator",
    ]

    static func read(_ path: String) throws -> Installation {
        try JSONDecoder().decode(Installation.self, from: Data(contentsOf: URL(filePath: path)))
    }
}
