import AMQP
import Contracts
import Foundation
import Postgres
import Testing

@testable import Messaging

/// Stock commands: partitioned by occurrence, shared by the processes of a service.
@Suite("Stock partitions", .timeLimit(.minutes(5)))
struct PartitionTests {
    private static let partitions = 4

    private func commands(_ occurrences: [OccurrenceID], numbers: Range<Int>) throws -> [WireMessage] {
        try numbers.flatMap { number in
            try occurrences.map { try MessagingScene.wire(ChangeStock(occurrenceID: $0, number: number)) }
        }
    }

    private func partition(_ index: Int) -> String {
        MessagingTopology.partitionQueueName(MessagingScene.service, index)
    }

    /// Puts one command straight into each partition and says which process handled it.
    private func owners(_ scene: MessagingScene) async throws -> [String] {
        let probes = try (0..<Self.partitions).map { index in
            var message = MessagingScene.message(
                try MessagingScene.wire(ChangeStock(occurrenceID: OccurrenceID(UUID()), number: 0)))
            (message.exchange, message.routingKey) = ("", partition(index))
            return message
        }
        try await scene.publish(probes)
        let ids = probes.compactMap { $0.properties.messageID.flatMap(UUID.init(uuidString:)) }
        try await scene.eventually {
            try await scene.count("SELECT count(*) FROM effects WHERE message_id = ANY(\(ids))") == Self.partitions
        }
        let rows = try await scene.database.query(
            "SELECT message_id, process FROM effects WHERE message_id = ANY(\(ids))"
        )
        .decode((UUID, String).self)
        let processes = Dictionary(uniqueKeysWithValues: rows.map { ($0.0, $0.1) })
        return ids.compactMap { processes[$0] }
    }

    @Test("Commands are spread by their occurrence, and those of one occurrence keep their order")
    func order() async throws {
        try await MessagingScene.with { scene in
            let definition = scene.definition(partitions: Self.partitions)
            try await scene.administration.declare(
                MessagingTopology(definition: definition, retryPolicy: MessagingScene.retryPolicy).topology)
            let occurrences = (0..<20).map { _ in OccurrenceID(UUID()) }
            try await scene.publish(try commands(occurrences, numbers: 0..<25))
            var used = 0
            for index in 0..<Self.partitions where try await scene.depth(of: partition(index)) > 0 { used += 1 }
            #expect(used > 1)
            try await scene.running(scene.service(definition)) {
                try await scene.eventually { try await scene.effectCount() == 500 }
            }
            let effects = try await scene.effects()
            for occurrence in occurrences {
                let numbers = effects.filter { $0.hasPrefix("\(occurrence)/") }
                #expect(numbers == (0..<25).map { "\(occurrence)/\($0)" })
            }
            // One process takes them together.
            #expect(try await scene.count("SELECT count(DISTINCT lane) FROM inbox") == 1)
            #expect(try await scene.count("SELECT count(DISTINCT transaction_id) FROM effects") <= 50)
        }
    }

    @Test("Two processes share the partitions evenly, and the one that stays takes over what the other leaves")
    func sharing() async throws {
        try await MessagingScene.with { scene in
            let first = scene.service(scene.definition(partitions: Self.partitions, process: "first"))
            let second = scene.service(scene.definition(partitions: Self.partitions, process: "second"))
            try await scene.running(first) {
                try await scene.eventually { try await owners(scene) == ["first", "first", "first", "first"] }
                try await scene.running(second) {
                    try await scene.eventually {
                        try await owners(scene).sorted() == ["first", "first", "second", "second"]
                    }
                }
                // The second has stopped and left.
                #expect(try await owners(scene) == ["first", "first", "first", "first"])
                try await scene.eventually { try await scene.count("SELECT count(*) FROM partition_members") == 1 }
            }
            #expect(try await scene.count("SELECT count(*) FROM partition_members") == 0)
        }
    }

    @Test(
        "A process that is cut off from the broker loses its partitions to the others, and no command is lost or doubled"
    )
    func cutOff() async throws {
        try await MessagingScene.with { scene in
            let occurrences = (0..<12).map { _ in OccurrenceID(UUID()) }
            let first = scene.service(scene.definition(partitions: Self.partitions, process: "first"))
            let second = scene.service(scene.definition(partitions: Self.partitions, process: "second"))
            try await scene.running(first) {
                // Ends without stopping, as if killed.
                let doomed = Task { try await second.run() }
                try await second.waitUntilConnected()
                try await scene.eventually { Set(try await owners(scene)) == ["first", "second"] }
                try await scene.publish(try commands(occurrences, numbers: 0..<20))
                doomed.cancel()
                try await scene.publish(try commands(occurrences, numbers: 20..<40))
                try await scene.eventually {
                    try await scene.count("SELECT count(DISTINCT message_id) FROM effects WHERE label NOT LIKE '%/0'")
                        == 12 * 39
                }
                #expect(try await owners(scene) == ["first", "first", "first", "first"])
                _ = try? await doomed.value  // Cancelled: whatever it says does not matter.
            }
            #expect(
                try await scene.count(
                    "SELECT count(*) FROM (SELECT FROM effects GROUP BY message_id HAVING count(*) > 1) AS doubled")
                    == 0)
        }
    }

    @Test("A process that got another's partitions lets go of them after a while, so that their owner has them")
    func lettingGo() async throws {
        try await MessagingScene.with { scene in
            // The other process: known to be alive, and too late for its partitions. Its id is the last in any order.
            let other = UUID(uuid: (255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255))
            _ = try await scene.database.query(
                """
                INSERT INTO partition_members (process_id, heartbeat_at)
                VALUES (\(other), \(Timestamp(Date()) + .seconds(3600)))
                """)
            let definition = scene.definition(partitions: Self.partitions, process: "first")
            let topology = MessagingTopology(definition: definition, retryPolicy: MessagingScene.retryPolicy)
            try await scene.running(scene.service(definition)) {
                #expect(try await owners(scene) == ["first", "first", "first", "first"])
                let late = [partition(1), partition(3)]
                let latecomer = AMQPConsumer(
                    configuration: scene.broker, subscriptions: late.map { AMQPSubscription(queue: $0) },
                    topology: topology.topology, logger: MessagingScene.logger)
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask { try await latecomer.run() }
                    let taken = Witness<String>()
                    for queue in late {
                        group.addTask {
                            while let batch = try? await latecomer.nextBatch(queue: queue, max: 10) {
                                taken.append(batch.queue)
                                await latecomer.acknowledge(batch.deliveries)
                            }
                        }
                    }
                    try await latecomer.waitUntilConnected()
                    // Messages keep coming; in the end those of its partitions come to the latecomer.
                    let occurrences = (0..<40).map { _ in OccurrenceID(UUID()) }
                    try await scene.eventually {
                        try await scene.publish(try commands(occurrences, numbers: 1..<2))
                        return Set(taken.entries) == Set(late)
                    }
                    latecomer.stop(settlingWithin: .seconds(5))
                    try await group.waitForAll()
                }
            }
        }
    }
}
