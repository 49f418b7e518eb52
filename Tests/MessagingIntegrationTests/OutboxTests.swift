import AMQP
import Contracts
import Foundation
import Logging
import Postgres
import Synchronization
import TestSupport
import Testing

@testable import Messaging

/// From a committed row to the broker.
@Suite("The outbox", .timeLimit(.minutes(5)))
struct OutboxTests {
    @Test(
        "A message that the broker has not confirmed stays, is sent again under its id when due, and goes when confirmed"
    )
    func unconfirmed() async throws {
        try await MessagingScene.with { scene in
            let clock = Mutex(Timestamp(Date()))
            let moments = MomentSource(
                clock: { clock.withLock { $0 } }, random: { UInt64.random(in: .min ... .max) })
            let transport = ScriptedTransport()
            let outbox = OutboxPublisher(
                database: scene.database, transport: transport, moments: moments,
                metrics: MessagingMetrics(service: MessagingScene.service), logger: MessagingScene.logger)
            let processor = BatchProcessor(
                definition: scene.definition(), database: scene.database, moments: moments,
                metrics: MessagingMetrics(service: MessagingScene.service), logger: MessagingScene.logger)
            let message = try MessagingScene.wire(OrderNoted(label: "a", fate: .cause))
            let result = await processor.process(
                [IncomingMessage(envelope: message.envelope, body: message.body)], lane: MessagingScene.queue)

            transport.answer(with: .unconfirmed(reason: "the broker is away"))
            // Both go the same way: one row.
            #expect(result.messages.count == 2)
            await outbox.publish(result.staged.bundles)
            #expect(try await scene.outboxDepth() == 1)
            // Nobody else sends it while the process that wrote it may still be at it.
            #expect(try await outbox.relay() == 0)

            clock.withLock { $0 = $0 + .seconds(6) }
            #expect(try await outbox.relay() == 1)
            #expect(try await scene.outboxDepth() == 1)
            // A relay that has taken it keeps the others from it for a while.
            #expect(try await outbox.relay() == 0)

            clock.withLock { $0 = $0 + .seconds(16) }
            transport.answer(with: .confirmed)
            #expect(try await outbox.relay() == 1)
            await outbox.deleteConfirmed()
            #expect(try await scene.outboxDepth() == 0)
            #expect(transport.published.count == 3)
            for attempt in transport.published { #expect(attempt == result.staged.bundles) }
        }
    }

    @Test("A row that cannot be read stays and is told of, and the others leave")
    func unreadable() async throws {
        try await MessagingScene.with { scene in
            let now = Timestamp(Date())
            let transport = ScriptedTransport()
            let outbox = OutboxPublisher(
                database: scene.database, transport: transport,
                moments: MomentSource(clock: { now + .seconds(10) }, random: { 1 }),
                metrics: MessagingMetrics(service: MessagingScene.service), logger: MessagingScene.logger)
            let bundles = try ["bad", "good"].map { label in
                OutboundBundle(try MessagingScene.wire(OrderFollowed(label: label)))
            }
            try await scene.database.withTransaction { transaction in
                try Outbox.insert(
                    bundles, in: transaction, at: MomentSource(clock: { now }, random: { 1 }).moment())
                try transaction.execute(
                    "UPDATE outbox SET envelope = envelope || '{\"type\": \"voelgoed.bundle.v1\"}' WHERE id = \(bundles[0].id)"
                )
            }
            #expect(try await outbox.relay() == 2)
            await outbox.deleteConfirmed()
            #expect(transport.published == [[bundles[1]]])
            #expect(try await scene.count("SELECT count(*) FROM outbox WHERE id = \(bundles[0].id)") == 1)
            #expect(try await scene.outboxDepth() == 1)
        }
    }

    @Test("A transient event leaves no row, is sent once, and needs nobody's word")
    func transient() async throws {
        try await MessagingScene.with { scene in
            let transport = ScriptedTransport()
            let outbox = OutboxPublisher(
                database: scene.database, transport: transport, moments: .system,
                metrics: MessagingMetrics(service: MessagingScene.service), logger: MessagingScene.logger)
            let staged = try await scene.database.withTransaction { transaction in
                try EffectStaging(service: MessagingScene.service).stage(
                    [(EffectStaging.Cause(), Effects(OrderGlimpsed(label: "a"), OrderFollowed(label: "b")))],
                    performers: [:], in: transaction, at: MomentSource.system.moment())
            }
            #expect(staged.transient.map(\.envelope.type) == [OrderGlimpsed.name])
            #expect(try await scene.outboxDepth() == 1)
            outbox.submit(staged)
            await outbox.publishSubmitted()
            await outbox.deleteConfirmed()
            #expect(transport.sent == [staged.transient.map { OutboundBundle($0) }])
            #expect(transport.published == [staged.bundles])
            #expect(try await scene.outboxDepth() == 0)
        }
    }

    @Test("Messages that no queue takes wait in the outbox until there is one, and do not hold up others")
    func unroutable() async throws {
        try await MessagingScene.with { scene in
            let refused = try await scene.subscribe(to: OrderRefused.name)
            try await scene.running(scene.service(scene.definition())) {
                try await scene.publish([try MessagingScene.wire(OrderNoted(label: "a", fate: .cause))])
                try await scene.publish([try MessagingScene.wire(OrderNoted(label: "b", fate: .refuse))])
                _ = try await scene.take(from: refused)
                try await scene.eventually { try await scene.outboxDepth() == 1 }
                #expect(try await scene.depth(of: MessagingScene.queue) == 0)
                let followed = try await scene.subscribe(to: OrderFollowed.name)
                let labels = [try await scene.take(from: followed), try await scene.take(from: followed)]
                    .map { try? MessageCodec.decode(OrderFollowed.self, from: $0.body).label }
                #expect(Set(labels) == ["a-1", "a-2"])
                try await scene.eventually { try await scene.outboxDepth() == 0 }
            }
        }
    }

    @Test("A transaction that no message started sends what it causes, and nothing when it throws")
    func unitOfWork() async throws {
        try await MessagingScene.with { scene in
            let subscriber = try await scene.subscribe(to: OrderFollowed.name)
            let connections = scene.connections()
            let organizationID = OrganizationID(UUID())
            try await scene.running(scene.service(scene.definition(), connections: connections)) {
                await #expect(throws: HandlingFailure.self) {
                    try await connections.unitOfWork.run(organizationID: organizationID) {
                        transaction, _ -> (Void, Effects) in
                        try EffectTable.insert([(id: UUID(), label: "undone")], process: "unit", in: transaction)
                        throw HandlingFailure(label: "undone")
                    }
                }
                let id = try await connections.unitOfWork.run(
                    organizationID: organizationID,
                    traceparent: "00-\(String(repeating: "ab", count: 16))-1234567890abcdef-01"
                ) { transaction, moment in
                    let id = moment.makeUUID()
                    try EffectTable.insert([(id: id, label: "done")], process: "unit", in: transaction)
                    return (id, [OrderFollowed(label: "done")])
                }
                let follower = try await scene.take(from: subscriber)
                let envelope = try EnvelopeCodec.envelope(follower.properties)
                #expect(envelope.organizationID == organizationID)
                #expect(envelope.causationID == nil)
                #expect(envelope.traceparent.flatMap(TraceContext.traceID) == String(repeating: "ab", count: 16))
                #expect(try await scene.count("SELECT count(*) FROM effects WHERE message_id = \(id)") == 1)
                try await scene.eventually { try await scene.outboxDepth() == 0 }
            }
            #expect(try await scene.effects() == ["done"])
        }
    }

    @Test("Relays of several processes take different messages")
    func relaysShare() async throws {
        try await MessagingScene.with { scene in
            let now = Timestamp(Date())
            let written = MomentSource(clock: { now }, random: { UInt64.random(in: .min ... .max) })
            let messages = try (0..<100).map { try MessagingScene.wire(OrderFollowed(label: "\($0)")) }
            try await scene.database.withTransaction {
                try Outbox.insert(messages.map { OutboundBundle($0) }, in: $0, at: written.moment())
            }
            let later = MomentSource(clock: { now + .seconds(10) }, random: { 1 })
            let transport = ScriptedTransport()
            transport.answer(with: .unconfirmed(reason: "kept, so that the rows stay"))
            try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<4 {
                    let relay = OutboxPublisher(
                        database: scene.database, transport: transport, moments: later,
                        metrics: MessagingMetrics(service: MessagingScene.service), logger: MessagingScene.logger)
                    group.addTask {
                        var taken = 0
                        while case let count = try await relay.relay(limit: 10), count > 0 { taken += count }
                        return taken
                    }
                }
                var taken = 0
                for try await count in group { taken += count }
                #expect(taken == 100)
            }
            #expect(Set(transport.published.flatMap(\.self).map(\.id)).count == 100)
        }
    }
}

/// A broker that answers as it is told to.
private final class ScriptedTransport: MessageTransport {
    private let state = Mutex(
        (answer: PublishOutcome.confirmed, published: [[OutboundBundle]](), sent: [[OutboundBundle]]()))

    var published: [[OutboundBundle]] { state.withLock { $0.published } }
    var sent: [[OutboundBundle]] { state.withLock { $0.sent } }

    func answer(with outcome: PublishOutcome) {
        state.withLock { $0.answer = outcome }
    }

    func publish(_ bundles: [OutboundBundle]) async -> [PublishOutcome] {
        state.withLock { state in
            state.published.append(bundles)
            return bundles.map { _ in state.answer }
        }
    }

    func send(_ bundles: [OutboundBundle]) async {
        state.withLock { $0.sent.append(bundles) }
    }
}
