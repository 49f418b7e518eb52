/// What RabbitMQ has carried since it was started.
struct BrokerCounters {
    /// Messages that were published to it.
    var published = 0.0
    /// Messages that it handed to consumers, repetitions included.
    var delivered = 0.0
    /// Messages that wait in queues now.
    var waiting = 0.0

    /// Reads the node's own metrics, which are counted at once and not sampled.
    init(_ reactor: Reactor, port: UInt16) throws {
        let request = HTTPRequest.bytes("GET", "/metrics", headers: [])
        let text = try reactor.ask(port, request) { $0.bodyText }
        for line in text.split(separator: "\n") where !line.hasPrefix("#") {
            guard let blank = line.lastIndex(of: " "), let value = Double(line[line.index(after: blank)...]) else {
                continue
            }
            let name = line.prefix { $0 != "{" && $0 != " " }
            switch name {
            case "rabbitmq_global_messages_received_total": published += value
            case "rabbitmq_global_messages_delivered_consume_manual_ack_total",
                "rabbitmq_global_messages_delivered_consume_auto_ack_total":
                delivered += value
            case "rabbitmq_queue_messages": waiting += value
            default: break
            }
        }
    }
}
