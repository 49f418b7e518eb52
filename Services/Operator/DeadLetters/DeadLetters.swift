import ArgumentParser

/// `voelgoed dead-letters`: what no handler could take, with the reason, and the way back.
struct DeadLetters: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dead-letters", abstract: "List, show or replay messages that could not be handled.",
        subcommands: [List.self, Show.self, Replay.self], defaultSubcommand: List.self)

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "The queues that have dead letters.")

        func run() async throws {
            try await OperatorEnvironment().withBroker { broker in
                let counts = try await DeadLetterQueues(broker: broker).counts().filter { $0.count > 0 }
                for (queue, count) in counts { print("\(count)\t\(queue)") }
                print(counts.isEmpty ? "no dead letters" : "\(counts.map(\.count).reduce(0, +)) dead letters")
            }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "The dead letters of one queue, oldest first; they stay where they are.")
        @Argument(help: "The queue whose messages could not be handled, such as payments.messages.")
        var queue: String
        @Option(help: "The most messages to show.")
        var limit = 20

        func run() async throws {
            try await OperatorEnvironment().withBroker { broker in
                for letter in try await DeadLetterQueues(broker: broker).letters(of: queue, limit: limit) {
                    print("\(letter)\n")
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
                let (replayed, total) = try await DeadLetterQueues(broker: broker).replay(queue, id: id)
                print("replayed \(replayed) of \(total)")
                if let id, replayed == 0 { throw OperatorError("\(queue) has no dead letter \(id)") }
            }
        }
    }
}
