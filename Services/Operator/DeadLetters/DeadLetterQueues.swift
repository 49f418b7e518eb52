import AMQP
import Contracts
import Messaging

/// The dead-letter queues of an installation.
struct DeadLetterQueues: Sendable {
    let broker: AMQPAdministration

    /// Headers that tell of failures: a replayed message begins anew.
    private static let historyHeaders: Set = [
        "failures", "failure-reason", "x-death", "x-delivery-count", "x-first-death-exchange", "x-first-death-queue",
        "x-first-death-reason", "x-last-death-exchange", "x-last-death-queue", "x-last-death-reason",
    ]

    /// Every queue that services take messages from, with what the broker says of it: the services' own and the stock
    /// partitions, however many this installation has.
    func lanes() async throws -> [(queue: String, status: AMQPQueueStatus)] {
        var lanes: [(queue: String, status: AMQPQueueStatus)] = []
        for service in ServiceName.allCases {
            let queue = MessagingTopology.messageQueueName(service)
            if let status = try await broker.status(ofQueue: queue) { lanes.append((queue, status)) }
        }
        var partition = 0
        while true {
            let queue = MessagingTopology.partitionQueueName(.ticketing, partition)
            guard let status = try await broker.status(ofQueue: queue) else { return lanes }
            lanes.append((queue, status))
            partition += 1
        }
    }

    /// How many dead letters each queue has.
    func counts() async throws -> [(queue: String, count: Int)] {
        var counts: [(queue: String, count: Int)] = []
        for (queue, _) in try await lanes() { counts.append((queue, try await count(of: queue) ?? 0)) }
        return counts
    }

    /// Reads dead letters without taking them: none is settled, so that all go back when the connection closes.
    func letters(of queue: String, limit: Int) async throws -> [DeadLetter] {
        let count = try await demandCount(of: queue)
        var letters: [DeadLetter] = []
        for _ in 0..<min(count, max(limit, 0)) {
            guard let fetched = try await broker.fetch(queue: MessagingTopology.deadLetterQueueName(queue)) else {
                break
            }
            letters.append(DeadLetter(fetched.delivery))
        }
        return letters
    }

    /// Gives dead letters back to their queue. Each leaves the dead-letter queue only when the broker has it in the
    /// other: after a crash in between it is in both, and the inbox drops the second.
    ///
    /// - Parameter id: only the message with this id.
    /// - Returns: how many were given back, and how many there were.
    func replay(_ queue: String, id: String? = nil) async throws -> (replayed: Int, total: Int) {
        let total = try await demandCount(of: queue)
        var replayed = 0
        // Counted before: one that fails again meanwhile is not replayed for ever.
        for _ in 0..<total {
            guard let fetched = try await broker.fetch(queue: MessagingTopology.deadLetterQueueName(queue)) else {
                break
            }
            let delivery = fetched.delivery
            // Not settled, so that it goes back when the connection closes.
            if let id, delivery.properties.messageID?.lowercased() != id.lowercased() { continue }
            var properties = delivery.properties
            properties.headers = properties.headers.filter { !Self.historyHeaders.contains($0.key) }
            let results = try await broker.publish([
                AMQPMessage(routingKey: queue, properties: properties, body: delivery.body)
            ])
            guard results.allSatisfy(\.isConfirmed) else {
                throw OperatorError("the broker did not take the message back; it stays a dead letter")
            }
            await broker.acknowledge([delivery])
            replayed += 1
        }
        return (replayed, total)
    }

    private func count(of queue: String) async throws -> Int? {
        try await broker.status(ofQueue: MessagingTopology.deadLetterQueueName(queue))?.messageCount
    }

    private func demandCount(of queue: String) async throws -> Int {
        guard let count = try await count(of: queue) else {
            let known = try await lanes().map(\.queue).joined(separator: ", ")
            throw OperatorError("there is no queue \(queue) with dead letters; there are: \(known)")
        }
        return count
    }
}
