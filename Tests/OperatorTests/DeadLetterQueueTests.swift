import AMQP
import Contracts
import Foundation
import Logging
import Messaging
import TestSupport
import Testing

@testable import Operator

/// Dead letters in a virtual host of each test's own, since the queues have the services' names.
@Suite("Dead letters", .timeLimit(.minutes(5)))
struct DeadLetterQueueTests {
    private static let partitions = 12

    /// Lends the queues of Payments and of twelve stock partitions.
    private func withQueues(
        _ body: (
            _ host: TestVirtualHost, _ broker: AMQPAdministration, _ queues: DeadLetterQueues
        ) async throws -> Void
    ) async throws {
        let lanes =
            [MessagingTopology.messageQueueName(.payments)]
            + (0..<Self.partitions).map { MessagingTopology.partitionQueueName(.ticketing, $0) }
        var topology = AMQPTopology()
        for lane in lanes {
            topology.queues.append(
                AMQPQueue(
                    name: lane,
                    arguments: [
                        "x-queue-type": "quorum", "x-dead-letter-exchange": "",
                        "x-dead-letter-routing-key": .string(MessagingTopology.deadLetterQueueName(lane)),
                    ]))
            topology.queues.append(
                AMQPQueue(name: MessagingTopology.deadLetterQueueName(lane), arguments: ["x-queue-type": "quorum"]))
        }
        try await TestVirtualHost.with { host in
            try await Self.withAdministration(host) { administration in
                try await administration.declare(topology)
                try await body(host, administration, DeadLetterQueues(broker: administration))
            }
        }
    }

    private static func withAdministration<R>(
        _ host: TestVirtualHost, _ body: (AMQPAdministration) async throws -> R
    ) async throws -> R {
        let administration = AMQPAdministration(
            configuration: host.configuration, logger: OperatorEnvironment.quiet)
        do {
            let result = try await body(administration)
            await administration.close()
            return result
        } catch {
            await administration.close()
            throw error
        }
    }

    /// Puts messages where those end up that could not be handled.
    private func fail(_ ids: [String], of queue: String, _ broker: AMQPAdministration) async throws {
        let results = try await broker.publish(
            ids.map { id in
                AMQPMessage(
                    routingKey: MessagingTopology.deadLetterQueueName(queue),
                    properties: AMQPProperties(
                        messageID: id, type: "payments.charge.v1", correlationID: "saga",
                        contentType: "application/json",
                        headers: [
                            "organization-id": "org", "occurred-at": 5, "failures": 12, "failure-reason": "it rains",
                        ]),
                    body: Array("{\"id\":\"\(id)\"}".utf8))
            })
        #expect(results.allSatisfy { $0.isConfirmed })
    }

    /// What is ready in a queue, once that is as much as expected: messages come back when a connection's end is
    /// noticed.
    private func count(_ expected: Int, in queue: String, _ broker: AMQPAdministration) async throws -> Int? {
        let deadline = ContinuousClock.now + .seconds(30)
        while true {
            let count = try await broker.status(ofQueue: queue)?.messageCount
            if count == expected || ContinuousClock.now > deadline { return count }
            try await ContinuousClock().sleep(until: .now + .milliseconds(20))
        }
    }

    @Test("All lanes are found, however many partitions there are, and counted")
    func counts() async throws {
        try await withQueues { _, broker, queues in
            let lanes = try await queues.lanes().map(\.queue)
            #expect(lanes.count == 1 + Self.partitions)
            #expect(lanes.first == "payments.messages")
            #expect(lanes.last == "ticketing.inventory.11")
            #expect(try await queues.counts().allSatisfy { $0.count == 0 })

            try await fail(["a", "b"], of: "ticketing.inventory.11", broker)
            try await fail(["c"], of: "payments.messages", broker)
            #expect(try await count(2, in: "ticketing.inventory.11.dead-letters", broker) == 2)
            #expect(try await count(1, in: "payments.messages.dead-letters", broker) == 1)
            let counts = try await queues.counts().filter { $0.count > 0 }
            #expect(counts.map(\.queue) == ["payments.messages", "ticketing.inventory.11"])
            #expect(counts.map(\.count) == [1, 2])
        }
    }

    @Test("Showing tells everything and takes nothing")
    func shows() async throws {
        try await withQueues { host, broker, _ in
            let deadLetters = MessagingTopology.deadLetterQueueName("payments.messages")
            try await fail(["a", "b", "c"], of: "payments.messages", broker)
            #expect(try await count(3, in: deadLetters, broker) == 3)
            let letters = try await Self.withAdministration(host) {
                try await DeadLetterQueues(broker: $0).letters(of: "payments.messages", limit: 2)
            }
            #expect(letters.map(\.id) == ["a", "b"])
            let first = try #require(letters.first)
            #expect(first.type == "payments.charge.v1")
            #expect(first.correlationID == "saga")
            #expect(first.organizationID == "org")
            #expect(first.failures == 12)
            #expect(first.reason == "it rains")
            #expect(first.body == "{\"id\":\"a\"}")
            #expect("\(first)".contains("it rains"))
            #expect(try await count(3, in: deadLetters, broker) == 3)
        }
    }

    @Test("Replaying gives messages back in their order, with their failures forgotten and all else kept")
    func replays() async throws {
        try await withQueues { _, broker, queues in
            try await fail(["a", "b"], of: "payments.messages", broker)
            #expect(try await count(2, in: "payments.messages.dead-letters", broker) == 2)
            let (replayed, total) = try await queues.replay("payments.messages")
            #expect(replayed == 2)
            #expect(total == 2)
            #expect(try await count(2, in: "payments.messages", broker) == 2)
            #expect(try await count(0, in: "payments.messages.dead-letters", broker) == 0)
            let message = try #require(try await broker.fetch(queue: "payments.messages")?.delivery)
            #expect(message.properties.messageID == "a")
            #expect(message.properties.type == "payments.charge.v1")
            #expect(message.properties.correlationID == "saga")
            #expect(message.properties.contentType == "application/json")
            // The broker counts the deliveries of its own.
            let headers = message.properties.headers.filter { $0.key != "x-delivery-count" }
            #expect(headers == ["organization-id": "org", "occurred-at": 5])
            #expect(message.body == Array("{\"id\":\"a\"}".utf8))
        }
    }

    @Test("Replaying one message leaves the others where they are")
    func replaysOne() async throws {
        try await withQueues { host, broker, _ in
            try await fail(["a", "b", "c"], of: "payments.messages", broker)
            #expect(try await count(3, in: "payments.messages.dead-letters", broker) == 3)
            let (replayed, total) = try await Self.withAdministration(host) {
                try await DeadLetterQueues(broker: $0).replay("payments.messages", id: "B")
            }
            #expect(replayed == 1)
            #expect(total == 3)
            #expect(try await count(2, in: "payments.messages.dead-letters", broker) == 2)
            let message = try await broker.fetch(queue: "payments.messages")?.delivery
            #expect(message?.properties.messageID == "b")
        }
    }

    @Test("What the broker gave up by itself has lost its broker's marks when it is replayed")
    func replaysGivenUp() async throws {
        try await withQueues { _, broker, queues in
            let sent = try await broker.publish([
                AMQPMessage(routingKey: "payments.messages", properties: AMQPProperties(messageID: "a"), body: [1])
            ])
            #expect(sent.allSatisfy { $0.isConfirmed })
            #expect(try await count(1, in: "payments.messages", broker) == 1)
            let delivery = try #require(try await broker.fetch(queue: "payments.messages")?.delivery)
            await broker.reject(delivery, requeue: false)
            #expect(try await count(1, in: "payments.messages.dead-letters", broker) == 1)
            #expect(try await queues.replay("payments.messages").replayed == 1)
            #expect(try await count(1, in: "payments.messages", broker) == 1)
            let again = try #require(try await broker.fetch(queue: "payments.messages")?.delivery)
            #expect(again.properties.messageID == "a")
            #expect(again.properties.headers.keys.filter { $0.hasPrefix("x-") && $0.contains("death") } == [])
        }
    }

    @Test("A queue that does not exist is said, with those that do")
    func unknownQueue() async throws {
        try await withQueues { _, _, queues in
            do {
                _ = try await queues.replay("payment.messages")
                Issue.record("replayed nothing from nowhere")
            } catch let error as OperatorError {
                #expect(error.description.contains("payments.messages"))
            }
        }
    }
}
