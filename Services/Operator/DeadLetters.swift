import AMQP
import ArgumentParser
import Contracts
import Foundation
import Messaging

/// `voelgoed dead-letters`: what no handler could take, with the reason, and the way back.
struct DeadLetters: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dead-letters", abstract: "List, show or replay messages that could not be handled.",
        subcommands: [List.self, Show.self, Replay.self], defaultSubcommand: List.self)

    /// Every queue that may hold dead letters.
    static func queues(partitions: Int) -> [String] {
        ServiceName.allCases.filter { $0 != .gateway }.map(MessagingTopology.messageQueueName)
            + (0..<partitions).map { MessagingTopology.partitionQueueName(.ticketing, $0) }
    }

    struct Scope: ParsableArguments {
        @Option(help: "How many stock partitions the installation has.")
        var partitions = 10
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "The dead-letter queues that hold something.")
        @OptionGroup var scope: Scope

        func run() async throws {
            try await OperatorEnvironment().withBroker { broker in
                var total = 0
                for queue in DeadLetters.queues(partitions: scope.partitions) {
                    let name = MessagingTopology.deadLetterQueueName(queue)
                    let count = try await broker.status(ofQueue: name)?.messageCount ?? 0
                    total += count
                    if count > 0 { print("\(count)\t\(queue)") }
                }
                print(total == 0 ? "no dead letters" : "\(total) dead letters")
            }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "The dead letters of one queue; they stay where they are.")
        @Argument(help: "The queue whose messages could not be handled, such as payments.messages.")
        var queue: String
        @Option(help: "The most messages to show.")
        var limit = 20

        func run() async throws {
            try await OperatorEnvironment().withBroker { broker in
                let name = MessagingTopology.deadLetterQueueName(queue)
                for _ in 0..<limit {
                    // Not settled, so that each goes back when the connection closes.
                    guard let fetched = try await broker.fetch(queue: name) else { break }
                    DeadLetters.describe(fetched.delivery)
                }
            }
        }
    }

    struct Replay: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Give dead letters back to their queue, with their failures forgotten.")
        @Argument(help: "The queue whose messages could not be handled, such as payments.messages.")
        var queue: String
        @Option(help: "Only the message with this id.")
        var id: String?

        func run() async throws {
            try await OperatorEnvironment().withBroker { broker in
                let name = MessagingTopology.deadLetterQueueName(queue)
                let count = try await broker.status(ofQueue: name)?.messageCount ?? 0
                var replayed = 0
                for _ in 0..<count {
                    guard let fetched = try await broker.fetch(queue: name) else { break }
                    let delivery = fetched.delivery
                    if let id, delivery.properties.messageID?.lowercased() != id.lowercased() { continue }
                    var properties = delivery.properties
                    for header in ["failures", "failure-reason", "x-death"] { properties.headers[header] = nil }
                    let results = try await broker.publish([
                        AMQPMessage(routingKey: queue, properties: properties, body: delivery.body)
                    ])
                    guard results.allSatisfy(\.isConfirmed) else {
                        throw OperatorError("the broker did not take the message back; it stays a dead letter")
                    }
                    await broker.acknowledge([delivery])
                    replayed += 1
                }
                print("replayed \(replayed) of \(count)")
            }
        }
    }

    private static func describe(_ delivery: AMQPDelivery) {
        let properties = delivery.properties
        print("id            \(properties.messageID ?? "-")")
        print("message       \(properties.type ?? "-")")
        print("correlation   \(properties.correlationID ?? "-")")
        print("organisation  \(properties.headers["organization-id"]?.string ?? "-")")
        print("failures      \(properties.headers["failures"]?.int64 ?? 0)")
        print("reason        \(properties.headers["failure-reason"]?.string ?? "given up by the broker")")
        print("body          \(String(decoding: delivery.body, as: UTF8.self))")
        print("")
    }
}
