import Foundation
import FoundationNetworking

/// What a campaign asks of the broker's own tools.
struct BrokerControl: Sendable {
    private static let program = "/usr/lib/rabbitmq/bin/rabbitmqctl"
    /// Where messages wait for services: whoever leads most of these queues is worth killing.
    private static let busyQueues = [".messages", ".inventory.", ".requests"]

    let nodes: [Installation.BrokerNode]
    let environment: [String: String]

    /// The share of the machine's memory above which publishers are blocked.
    func setMemoryWatermark(_ share: String, on node: Installation.BrokerNode) async throws {
        var variables = environment
        variables["RABBITMQ_NODENAME"] = node.node
        let (status, output) = try await Program.run(
            Self.program, ["--quiet", "set_vm_memory_high_watermark", share], environment: variables)
        guard status == 0 else { throw CampaignError("the watermark of \(node.node) could not be set: \(output)") }
    }

    /// How many of the busy queues each node leads, by the node's name. Quorum queues have a leader, the others a home.
    func leaders() async throws -> [String: Int] {
        struct Queue: Decodable {
            var name: String
            var node: String?
            var leader: String?
        }
        for broker in nodes {
            guard
                let queues = try await read([Queue].self, "/api/queues/voelgoed?columns=name,node,leader", from: broker)
            else { continue }
            return queues.filter { queue in
                !queue.name.hasSuffix(".dead-letters") && Self.busyQueues.contains { queue.name.contains($0) }
            }.reduce(into: [:]) { $0[$1.leader ?? $1.node ?? "", default: 0] += 1 }
        }
        throw CampaignError("no node says who leads its queues")
    }

    /// Whether some node has seen the cluster divided since it started. RabbitMQ does not mend that by itself.
    func isDivided() async throws -> Bool {
        struct Node: Decodable {
            var partitions: [String]?
        }
        for broker in nodes {
            guard let seen = try await read([Node].self, "/api/nodes?columns=name,partitions", from: broker) else {
                continue
            }
            if seen.contains(where: { $0.partitions?.isEmpty == false }) { return true }
        }
        return false
    }

    /// - Returns: nil when the node does not answer: that is why there are others.
    private func read<Value: Decodable>(
        _ type: Value.Type, _ path: String, from broker: Installation.BrokerNode
    ) async throws -> Value? {
        guard let url = URL(string: broker.managementURL + path), let user = url.user, let password = url.password
        else { throw CampaignError("no management URL") }
        var request = URLRequest(url: url)
        request.timeoutInterval = 5
        let credentials = Data("\(user):\(password)".utf8).base64EncodedString()
        request.setValue("Basic \(credentials)", forHTTPHeaderField: "Authorization")
        guard let (data, _) = try? await URLSession.shared.data(for: request) else { return nil }
        return try? JSONDecoder().decode(type, from: data)
    }
}
