import AMQP
import Contracts
import Foundation
import Postgres
import Testing

@testable import Messaging

/// Queue to handler and back: once in effect, and no message harms another.
@Suite("Handling messages", .timeLimit(.minutes(5)))
struct HandlingTests {
    @Test("A message that arrives several times, together and later, has its effect once")
    func handledOnce() async throws {
        try await MessagingScene.with { scene in
            let message = try MessagingScene.wire(OrderNoted(label: "a"))
            let other = try MessagingScene.wire(OrderNoted(label: "b"))
            let service = scene.service(scene.definition())
            // They wait for the service, so that they arrive in one batch.
            try await scene.administration.declare(MessagingTopology(definition: scene.definition()).topology)
            try await scene.publish([message, message, other, message])
            try await scene.running(service) {
                try await scene.eventually { try await scene.effectCount() == 2 }
                try await scene.publish([message, other])
                let last = try MessagingScene.wire(OrderNoted(label: "c"))
                try await scene.publish([last])
                try await scene.eventually { try await scene.effects().contains("c") }
            }
            #expect(try await scene.effects() == ["a", "b", "c"])
            #expect(try await scene.depth(of: MessagingScene.queue) == 0)
        }
    }

    @Test("A message from which nothing can follow is acknowledged and leaves no trace, alone and among others")
    func unconcerned() async throws {
        try await MessagingScene.with { scene in
            let ignored = try (0..<3).map { try MessagingScene.wire(OrderNoted(label: "\($0)", fate: .ignore)) }
            try await scene.administration.declare(MessagingTopology(definition: scene.definition()).topology)
            try await scene.publish([ignored[0]])
            try await scene.running(scene.service(scene.definition())) {
                try await scene.eventually { try await scene.depth(of: MessagingScene.queue) == 0 }
                try await scene.publish([ignored[1], try MessagingScene.wire(OrderNoted(label: "a")), ignored[2]])
                try await scene.eventually { try await scene.effectCount() == 1 }
            }
            #expect(try await scene.effects() == ["a"])
            #expect(try await scene.count("SELECT count(*) FROM inbox") == 1)
            #expect(try await scene.depth(of: MessagingScene.queue) == 0)
        }
    }

    @Test("A message whose process died between commit and acknowledgement is not handled again")
    func crashBeforeAcknowledgement() async throws {
        try await MessagingScene.with { scene in
            let definition = scene.definition()
            let message = try MessagingScene.wire(OrderNoted(label: "a", fate: .cause))
            // What a process had done when it died: the batch is committed, nothing was published or acknowledged.
            let processor = BatchProcessor(
                definition: definition, database: scene.database, moments: .system,
                metrics: MessagingMetrics(service: MessagingScene.service), logger: MessagingScene.logger)
            let result = await processor.process(
                [IncomingMessage(envelope: message.envelope, body: message.body)], lane: MessagingScene.queue)
            #expect(result.dispositions == [.handled])
            let committed = result.messages.map(\.envelope.id)
            #expect(committed.count == 2)

            let subscriber = try await scene.subscribe(to: OrderFollowed.name)
            try await scene.administration.declare(MessagingTopology(definition: definition).topology)
            try await scene.publish([message])
            try await scene.running(scene.service(definition)) {
                let followers = [try await scene.take(from: subscriber), try await scene.take(from: subscriber)]
                // The relay sends what was left under the ids that were committed.
                #expect(
                    Set(followers.compactMap(\.properties.messageID))
                        == Set(committed.map { $0.uuidString.lowercased() }))
                try await scene.eventually { try await scene.outboxDepth() == 0 }
            }
            #expect(try await scene.effects() == ["a"])
            #expect(try await scene.depth(of: MessagingScene.queue) == 0)
            #expect(try await scene.depth(of: subscriber) == 0)
        }
    }

    @Test("A message that fails does not harm those that arrived with it, and its own effects are undone")
    func neighbours() async throws {
        try await MessagingScene.with { scene in
            let witness = Witness<String>()
            let definition = scene.definition(witness: witness)
            try await scene.administration.declare(
                MessagingTopology(definition: definition, retryPolicy: MessagingScene.retryPolicy).topology)
            try await scene.publish(
                try (0..<20).map {
                    try MessagingScene.wire(OrderNoted(label: "\($0)", fate: $0 == 7 ? .fail : .handle))
                })
            try await scene.running(scene.service(definition)) {
                try await scene.eventually { try await scene.effectCount() == 19 }
                let dead = try await scene.take(from: MessagingScene.deadLetters)
                #expect(dead.properties.headers["failures"] == 4)
            }
            #expect(Set(try await scene.effects()) == Set((0..<20).map(String.init)).subtracting(["7"]))
            #expect(try await scene.count("SELECT count(*) FROM inbox") == 19)
        }
    }

    @Test("A message that keeps failing comes back with growing delay, and is then given up with reason and count")
    func retries() async throws {
        try await MessagingScene.with { scene in
            let attempts = Witness<ContinuousClock.Instant>()
            var definition = ServiceDefinition(name: MessagingScene.service, migrations: [])
            definition.on(FailingHandler(attempts: attempts))
            let organizationID = OrganizationID(UUID())
            let message = try MessagingScene.wire(NoteOrder(label: "a"), organizationID: organizationID)
            try await scene.running(scene.service(definition)) {
                try await scene.publish([message])
                let dead = try await scene.take(from: MessagingScene.deadLetters)
                #expect(dead.properties.messageID == message.envelope.id.uuidString.lowercased())
                #expect(dead.properties.type == NoteOrder.name)
                #expect(dead.properties.headers["failures"] == 4)
                #expect(dead.properties.headers["failure-reason"]?.string?.contains("HandlingFailure") == true)
                #expect(dead.properties.headers["organization-id"]?.string == organizationID.description)
                #expect(dead.body == message.body)
            }
            let times = attempts.entries
            #expect(times.count == 4)
            let rests = zip(times, times.dropFirst()).map { $1 - $0 }
            for (rest, least) in zip(rests, MessagingScene.retryPolicy.delays) { #expect(rest >= least) }
            #expect(try await scene.count("SELECT count(*) FROM inbox") == 0)
            #expect(try await scene.depth(of: MessagingScene.queue) == 0)
        }
    }

    @Test("A message that is replayed from the dead letters is handled")
    func replay() async throws {
        try await MessagingScene.with { scene in
            let message = try MessagingScene.wire(NoteOrder(label: "a"))
            var failing = ServiceDefinition(name: MessagingScene.service, migrations: [])
            failing.on(FailingHandler(attempts: Witness()))
            let dead = try await scene.running(scene.service(failing)) {
                try await scene.publish([message])
                return try await scene.take(from: MessagingScene.deadLetters)
            }
            try await scene.running(scene.service(scene.definition())) {
                try await scene.publish([
                    AMQPMessage(routingKey: MessagingScene.queue, properties: dead.properties, body: dead.body)
                ])
                try await scene.eventually { try await scene.effects() == ["a"] }
            }
        }
    }

    @Test("Messages that cannot be understood go to the dead letters at once, with what is wrong with them")
    func malformed() async throws {
        try await MessagingScene.with { scene in
            let good = MessagingScene.message(try MessagingScene.wire(NoteOrder(label: "good")))
            var withoutID = good
            withoutID.properties.messageID = "no uuid"
            var unknown = good
            unknown.properties.type = "tests.unheard-of.v1"
            var wrongBody = good
            wrongBody.body = Array(#"{"label": 1}"#.utf8)
            var wrongFormat = good
            wrongFormat.properties.contentType = "text/plain"
            var wrongTenant = good
            wrongTenant.properties.headers["organization-id"] = "me"
            var wrongTime = good
            wrongTime.properties.headers["occurred-at"] = .int64(.min)
            let bad = [withoutID, unknown, wrongBody, wrongFormat, wrongTenant, wrongTime]
            let reasons = [
                "message_id must be a UUID", "no handler takes messages named tests.unheard-of.v1",
                "the body is not a valid tests.note-order.v1", "content_type must be application/json",
                "organization-id must be a UUID", "timestamp must be between 1970 and 9999",
            ]
            try await scene.running(scene.service(scene.definition())) {
                try await scene.publish(bad + [good])
                try await scene.eventually { try await scene.effects() == ["good"] }
                for reason in reasons {
                    let dead = try await scene.take(from: MessagingScene.deadLetters)
                    #expect(dead.properties.headers["failure-reason"]?.string?.contains(reason) == true)
                    #expect(dead.properties.headers["failures"] == 0)
                }
            }
        }
    }

    @Test("A refusal is a message, not an error")
    func refusal() async throws {
        try await MessagingScene.with { scene in
            let subscriber = try await scene.subscribe(to: OrderRefused.name)
            try await scene.running(scene.service(scene.definition())) {
                let message = try MessagingScene.wire(OrderNoted(label: "a", fate: .refuse))
                try await scene.publish([message])
                let reply = try await scene.take(from: subscriber)
                #expect(try MessageCodec.decode(OrderRefused.self, from: reply.body) == OrderRefused(label: "a"))
                #expect(
                    reply.properties.headers["causation-id"]?.string == message.envelope.id.uuidString.lowercased())
            }
            #expect(try await scene.depth(of: MessagingScene.deadLetters) == 0)
            #expect(try await scene.effects() == ["a"])
        }
    }

    @Test("Organisation, correlation, causation and trace go from a message to what it causes")
    func context() async throws {
        try await MessagingScene.with { scene in
            let subscriber = try await scene.subscribe(to: OrderFollowed.name)
            let (organizationID, correlationID) = (OrganizationID(UUID()), UUID())
            let trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
            let message = try MessagingScene.wire(
                OrderNoted(label: "a", fate: .cause), organizationID: organizationID, correlationID: correlationID,
                traceparent: trace)
            try await scene.running(scene.service(scene.definition())) {
                try await scene.publish([message])
                for label in ["a-1", "a-2"] {
                    let follower = try await scene.take(from: subscriber)
                    let envelope = try EnvelopeCodec.envelope(follower.properties)
                    #expect(try MessageCodec.decode(OrderFollowed.self, from: follower.body).label == label)
                    #expect(envelope.organizationID == organizationID)
                    #expect(envelope.correlationID == correlationID)
                    #expect(envelope.causationID == message.envelope.id)
                    #expect(envelope.appID == "ticketing")
                    #expect(envelope.id != message.envelope.id)
                    #expect(
                        envelope.traceparent.flatMap(TraceContext.traceID) == "0af7651916cd43dd8448eb211c80319c")
                    #expect(envelope.traceparent != trace)
                    #expect(follower.properties.deliveryMode == .persistent)
                }
            }
        }
    }

    @Test("Messages that wait are handled in far fewer transactions than there are messages")
    func batches() async throws {
        try await MessagingScene.with { scene in
            let definition = scene.definition()
            try await scene.administration.declare(
                MessagingTopology(definition: definition, retryPolicy: MessagingScene.retryPolicy).topology)
            let count = 600
            try await scene.publish(try (0..<count).map { try MessagingScene.wire(OrderNoted(label: "\($0)")) })
            try await scene.running(scene.service(definition)) {
                try await scene.eventually { try await scene.effectCount() == count }
            }
            #expect(try await scene.effects() == (0..<count).map(String.init))
            let transactions = try await scene.count("SELECT count(DISTINCT transaction_id) FROM effects")
            #expect(transactions <= count / 10)
        }
    }

    @Test("The inbox forgets what was handled more than eight days ago, and nothing younger")
    func retention() async throws {
        try await MessagingScene.with { scene in
            let now = Timestamp(Date())
            let day = Duration.seconds(86_400)
            for age in [day * 7, day * 8 - .seconds(60), day * 8 + .seconds(60), day * 30] {
                _ = try await scene.database.query(
                    "INSERT INTO inbox (message_id, lane, handled_at) VALUES (\(UUID()), 'a', \(now - age))")
            }
            let moment = MomentSource(clock: { now }, random: { 1 }).moment()
            let sweep = InboxRetention(keep: InboxRetention.standard)
            let result = try await scene.database.withTransaction { try sweep.sweep(in: $0, at: moment) }
            #expect(!result.hasMore)
            let kept = try await scene.database.query("SELECT handled_at FROM inbox ORDER BY handled_at DESC")
                .decode(Timestamp.self)
            #expect(kept == [now - day * 7, now - (day * 8 - .seconds(60))])
        }
    }
}

/// Never handles anything.
private struct FailingHandler: SingleMessageHandler {
    let attempts: Witness<ContinuousClock.Instant>

    func handle(
        _ message: Received<NoteOrder>, in transaction: PostgresTransaction, at moment: Moment
    ) throws -> Effects {
        attempts.append(.now)
        throw HandlingFailure(label: message.body.label)
    }
}
