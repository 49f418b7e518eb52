import Foundation

/// The platform that `deploy/faults` has prepared, as it describes it in a file.
struct Installation: Codable, Sendable {
    /// A server that a keeper starts again when it dies.
    struct Server: Codable, Sendable {
        var name: String
        var pidFile: String
        /// A part of its command line: without it, a process id belongs to another by now.
        var match: String
        /// Where it listens, and where the services are told that it does.
        var port: UInt16
        var proxyPort: UInt16
    }

    struct BrokerNode: Codable, Sendable {
        var server: Server
        /// The node's Erlang name.
        var node: String
        /// The management API, with the operator's name and password.
        var managementURL: String
    }

    var gateways: [String]
    var platformKey: String
    /// The supervisor's plan.
    var plan: String
    var database: Server
    var brokers: [BrokerNode]
    /// What `rabbitmqctl` needs in its environment, beside the node's name.
    var controlEnvironment: [String: String]
    /// The operator's tool and the file with its environment.
    var operatorTool: String
    var operatorEnvironment: String
    /// Where the ids of frozen processes are kept while they are frozen.
    var frozenFile: String

    static func read(_ path: String) throws -> Installation {
        try JSONDecoder().decode(Installation.self, from: Data(contentsOf: URL(filePath: path)))
    }

    /// The environment of the operator's tool.
    func operatorVariables() throws -> [String: String] {
        var variables = ProcessInfo.processInfo.environment
        for line in try String(contentsOfFile: operatorEnvironment, encoding: .utf8).split(separator: "\n") {
            guard !line.hasPrefix("#"), let equals = line.firstIndex(of: "=") else { continue }
            variables[String(line[..<equals])] = String(line[line.index(after: equals)...])
        }
        return variables
    }
}
