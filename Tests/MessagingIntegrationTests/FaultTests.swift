import AMQP
import Contracts
import Foundation
import Postgres
import Synchronization
import TestSupport
import Testing

@testable import Messaging

/// Servers that go away while messages flow, and processes that are told to stop.
@Suite("Faults", .serialized, .timeLimit(.minutes(10)))
struct FaultTests {
    private func messages(_ range: Range<Int>, _ fate: OrderNoted.Fate = .handle) throws -> [WireMessage] {
        try range.map { try MessagingScene.wire(OrderNoted(label: "\($0)", fate: fate)) }
    }

    @Test("A broker that restarts under load costs no message and doubles no effect")
    func brokerRestart() async throws {
        let server = try await PrivateBroker.start()
        defer { server.stop() }
        try await MessagingScene.with(broker: server) { scene in
            let subscriber = try await scene.subscribe(to: OrderFollowed.name)
            let service = scene.service(scene.definition())
            try await scene.running(service) {
                try await scene.publish(try messages(0..<300, .cause))
                // Somewhere in the middle of it.
                try await scene.eventually { try await scene.effectCount() > 0 }
                try await server.control("stop_app")
                #expect(!service.isConnected)
                try await server.control("start_app")
                try await service.waitUntilConnected()
                try await scene.publish(try messages(300..<400, .cause))
                try await scene.eventually { try await scene.effectCount() >= 400 }
                try await scene.eventually { try await scene.outboxDepth() == 0 }
                #expect(Set(try await scene.effects()) == Set((0..<400).map(String.init)))
                #expect(try await scene.effectCount() == 400)
                // Doubles are allowed to the subscriber, under the same id.
                let ids = Set(try await scene.drain(subscriber).compactMap(\.properties.messageID))
                #expect(ids.count == 800)
            }
            #expect(try await scene.depth(of: MessagingScene.deadLetters) == 0)
            #expect(try await scene.depth(of: MessagingScene.queue) == 0)
        }
    }

    @Test("A broker that is away at the start is waited for, and a stop does not wait for it")
    func brokerAwayAtStart() async throws {
        try await withTestDatabase(migrations: MessagingScene.migrations) { database in
            var broker = try AMQPConfiguration(url: "amqp://guest:guest@127.0.0.1:1/none")
            broker.connectTimeout = .seconds(2)
            let service = MessageService(
                definition: MessagingScene.stockDefinition(partitions: 2),
                connections: MessagingConnections(
                    service: MessagingScene.service, broker: broker, database: database, moments: .system,
                    logger: MessagingScene.logger))
            let run = Task { try await service.run() }
            // It has begun when it asks the database about partitions.
            while try await database.query("SELECT count(*) FROM partition_members").decodeOne(Int.self) == 0 {}
            #expect(!service.isConnected)
            service.stop()
            try await run.value
            #expect(try await database.query("SELECT count(*) FROM partition_members").decodeOne(Int.self) == 0)
        }
    }

    @Test("While the database is away nothing is lost, charged with a failure or given up")
    func databaseAway() async throws {
        let server = try await PrivatePostgres.start()
        do {
            try await MessagingScene.with(postgres: server) { scene in
                var configuration = scene.database.configuration
                configuration.acquireTimeout = .milliseconds(500)
                let database = PostgresClient(configuration: configuration, logger: MessagingScene.logger)
                let witness = Witness<String>()
                let service = scene.service(
                    scene.definition(witness: witness), connections: scene.connections(database: database))
                try await scene.running(service) {
                    try await scene.publish(try messages(0..<5))
                    await witness.wait(count: 5)
                    await server.kill()
                    try await scene.publish(try messages(5..<400))
                    // The service holds messages by now and cannot do anything with them.
                    try await scene.eventually { try await scene.depth(of: MessagingScene.queue) < 395 }
                    try await server.launch()
                    try await scene.eventually { try await scene.effectCount() == 400 }
                }
                await database.close()
                #expect(Set(try await scene.effects()) == Set((0..<400).map(String.init)))
                #expect(try await scene.depth(of: MessagingScene.deadLetters) == 0)
                for delay in MessagingScene.retryPolicy.delays {
                    let queue = MessagingTopology.retryExchangeName(MessagingScene.service, after: delay)
                    #expect(try await scene.depth(of: queue) == 0)
                }
            }
        } catch {
            await server.remove()
            throw error
        }
        await server.remove()
    }

    @Test("A stop while the database is away ends the process and leaves the messages to the next one")
    func stopWithoutDatabase() async throws {
        try await MessagingScene.with { scene in
            var nowhere = scene.database.configuration
            (nowhere.host, nowhere.port) = ("127.0.0.1", 1)
            nowhere.acquireTimeout = .milliseconds(200)
            let away = PostgresClient(configuration: nowhere, logger: MessagingScene.logger)
            let service = scene.service(
                scene.definition(partitions: 2), connections: scene.connections(database: away))
            try await scene.running(service) {
                try await scene.publish(try messages(0..<10))
                try await scene.eventually { try await scene.depth(of: MessagingScene.queue) == 0 }
                // The return of `running` is the proof that the stop does not wait for the database.
            }
            await away.close()
            try await scene.running(scene.service(scene.definition(partitions: 2))) {
                try await scene.eventually { try await scene.effectCount() == 10 }
            }
            #expect(try await scene.depth(of: MessagingScene.deadLetters) == 0)
        }
    }

    @Test("A stop finishes the batch that was begun, publishes what it caused, and leaves nothing unacknowledged")
    func gracefulStop() async throws {
        try await MessagingScene.with { scene in
            let subscriber = try await scene.subscribe(to: OrderFollowed.name)
            let gate = Rendezvous()
            var definition = ServiceDefinition(name: MessagingScene.service, migrations: [])
            let begun = Witness<Int>()
            definition.on(GatedHandler(gate: gate, begun: begun))
            try await scene.administration.declare(
                MessagingTopology(definition: definition, retryPolicy: MessagingScene.retryPolicy).topology)
            try await scene.publish(try messages(0..<3))
            let service = scene.service(definition)
            try await scene.running(service) {
                await begun.wait(count: 1)
                // What comes now is not begun any more.
                try await scene.publish(try messages(3..<6))
                service.stop()
                gate.open(.locked)
            }
            let done = begun.entries.reduce(0, +)
            #expect(begun.entries.count == 1)
            #expect(try await scene.effectCount() == done)
            #expect(try await scene.outboxDepth() == 0)
            #expect(try await scene.drain(subscriber).count == done)
            // The rest is ready for the next process, and only the rest.
            try await scene.eventually { try await scene.depth(of: MessagingScene.queue) == 6 - done }
        }
    }

    @Test("A service that is busy takes no more messages than its prefetch; the rest stays with the broker")
    func backPressure() async throws {
        try await MessagingScene.with { scene in
            let gate = Rendezvous()
            let begun = Witness<Int>()
            var definition = ServiceDefinition(name: MessagingScene.service, migrations: [])
            definition.on(GatedHandler(gate: gate, begun: begun))
            _ = try await scene.subscribe(to: OrderFollowed.name)
            try await scene.running(scene.service(definition)) {
                try await scene.publish(try messages(0..<1))
                await begun.wait(count: 1)
                try await scene.publish(try messages(1..<600))
                let prefetch = Int(MessagingTopology.prefetch)
                try await scene.eventually { try await scene.depth(of: MessagingScene.queue) == 600 - prefetch }
                for _ in 0..<600 { gate.open(.locked) }
                try await scene.eventually { try await scene.effectCount() == 600 }
            }
            // At most the limit of a batch, and never one by one.
            #expect(begun.entries.allSatisfy { $0 <= MessageLane.batchLimit })
            #expect(begun.entries.count < 60)
        }
    }

    @Test("Two connections to the database are enough for everything that runs at the same time")
    func smallPool() async throws {
        try await MessagingScene.withRoles { scene in
            var configuration = scene.database.configuration
            configuration.maximumConnections = 2
            let database = PostgresClient(configuration: configuration, logger: MessagingScene.logger)
            var definition = scene.definition(partitions: 4)
            definition.perform(CallOutside { "\($0.payload.label) answered" })
            definition.answer(CountEffectsHandler())
            let connections = scene.connections(database: database)
            let subscriber = try await scene.subscribe(to: OrderFollowed.name)
            try await scene.running(scene.service(definition, connections: connections)) {
                try await scene.publish(try messages(0..<200, .start))
                try await scene.publish(
                    try (0..<200).map {
                        try MessagingScene.wire(ChangeStock(occurrenceID: OccurrenceID(UUID()), number: $0))
                    })
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for _ in 0..<50 {
                        group.addTask {
                            _ = try await connections.requests.ask(
                                CountEffectsHandler.CountEffects(), organizationID: OrganizationID(UUID()),
                                timeout: .seconds(60))
                        }
                    }
                    try await group.waitForAll()
                }
                // A message, a job's outcome, a stock command.
                try await scene.eventually { try await scene.effectCount() == 600 }
                for _ in 0..<200 { _ = try await scene.take(from: subscriber) }
                #expect(try await scene.drain(subscriber).isEmpty)
            }
            await database.close()
            #expect(try await scene.count("SELECT count(*) FROM jobs") == 0)
        }
    }

    @Test("A full disk of the database is waited out and charges no message")
    func databaseTrouble() {
        for (state, isTrouble) in [
            ("53100", true), ("57P03", true), ("40P01", true), ("58030", true), ("25006", true), ("23505", false),
            ("22P02", false), ("42P01", false), ("57014", false),
        ] {
            let error = PostgresError(.server, "a test", sqlState: state)
            #expect(DatabaseTrouble.isCause(of: error) == isTrouble, "\(state)")
        }
        #expect(DatabaseTrouble.isCause(of: PostgresError(.commitOutcomeUnknown, "a test")))
        #expect(DatabaseTrouble.isCause(of: CancellationError()))
        #expect(!DatabaseTrouble.isCause(of: HandlingFailure(label: "a")))
    }

    @Test("A database without the runtime's tables charges no message")
    func notMigrated() async throws {
        try await MessagingScene.with { scene in
            let message = try MessagingScene.wire(OrderNoted(label: "a"))
            let incoming = IncomingMessage(envelope: message.envelope, body: message.body)
            let processor = BatchProcessor(
                definition: scene.definition(), database: scene.database, moments: .system,
                metrics: MessagingMetrics(service: MessagingScene.service), logger: MessagingScene.logger)
            _ = try await scene.database.query("ALTER TABLE inbox RENAME TO elsewhere")
            let waiting = await processor.process([incoming, incoming], lane: MessagingScene.queue)
            #expect(waiting.dispositions == [nil, nil])
            #expect(waiting.interruption is DatabaseTrouble)
            _ = try await scene.database.query("ALTER TABLE elsewhere RENAME TO inbox")
            let handled = await processor.process([incoming, incoming], lane: MessagingScene.queue)
            #expect(handled.dispositions == [.handled, .handled])
            #expect(try await scene.effects() == ["a"])
        }
    }
}

/// Waits in its transaction until the test lets it go on.
private struct GatedHandler: MessageHandler {
    let gate: Rendezvous
    let begun: Witness<Int>

    func handle(
        _ messages: [Received<OrderNoted>], in transaction: PostgresTransaction, at moment: Moment
    ) throws -> [Effects] {
        begun.append(messages.count)
        gate.wait(for: .locked)
        try EffectTable.insert(
            messages.map { (id: $0.envelope.id, label: $0.body.label) }, process: "gated", in: transaction)
        return messages.map { [OrderFollowed(label: $0.body.label)] }
    }
}

/// A request that needs a connection.
private struct CountEffectsHandler: SingleRequestHandler {
    struct CountEffects: Request {
        static let name = "tests.count-effects.v1"
        static let recipient = ServiceName.ticketing
        static let example = CountEffects()
        static let replyExample = 1
    }

    static let isReadOnly = true

    func answer(
        _ request: Received<CountEffects>, in transaction: PostgresTransaction, at moment: Moment
    ) throws -> Answer<Int> {
        Answer(try transaction.query("SELECT count(*) FROM effects").decodeOne(Int.self))
    }
}
