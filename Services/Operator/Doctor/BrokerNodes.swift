import Contracts

/// What the broker's management interface says of its nodes (`GET /api/nodes`).
enum BrokerNodes {
    /// The nodes that have seen others go and come back while they ran themselves. RabbitMQ goes on with two minds about
    /// what exists until they are restarted.
    static func divided(_ nodes: JSONValue) -> [String] {
        guard case .array(let nodes) = nodes else { return [] }
        return nodes.compactMap { node in
            guard case .array(let others)? = node["partitions"], !others.isEmpty,
                case .string(let name)? = node["name"]
            else { return nil }
            return name
        }.sorted()
    }
}
