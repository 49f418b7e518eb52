import AMQP
import Contracts
import Foundation
import Postgres
import Synchronization
import TestSupport
import Testing

@testable import Messaging

/// Asking another service and being answered.
@Suite("Requests", .timeLimit(.minutes(5)))
struct RequestTests {
    private func definition(_ witness: Witness<[String]> = Witness()) -> ServiceDefinition {
        var definition = ServiceDefinition(name: MessagingScene.service, migrations: [])
        definition.answer(WriteNoteHandler(witness: witness))
        return definition
    }

    /// Runs a service that answers, and lends a client that asks it.
    private func asking(
        _ scene: MessagingScene, _ definition: ServiceDefinition, _ body: (RequestClient) async throws -> Void
    ) async throws {
        let asker = scene.connections(.gateway)
        let gateway = scene.service(ServiceDefinition(name: .gateway, migrations: []), connections: asker)
        try await scene.running(scene.service(definition)) {
            try await scene.running(gateway) { try await body(asker.requests) }
        }
    }

    @Test("An answer comes back; it was found in the tenant's role, under row-level security")
    func answer() async throws {
        try await MessagingScene.withRoles { scene in
            let subscriber = try await scene.subscribe(to: OrderFollowed.name)
            let (mine, other) = (OrganizationID(UUID()), OrganizationID(UUID()))
            try await asking(scene, definition()) { client in
                _ = try await client.ask(WriteNote(note: "theirs"), organizationID: other, timeout: .seconds(30))
                let correlationID = UUID()
                let reply = try await client.ask(
                    WriteNote(note: "mine"), organizationID: mine, correlationID: correlationID,
                    traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", timeout: .seconds(30))
                #expect(reply == WriteNote.Reply(notes: ["mine"], role: "ticketing_tenant"))
                let followers = [try await scene.take(from: subscriber), try await scene.take(from: subscriber)]
                let envelopes = try followers.map { try EnvelopeCodec.envelope($0.properties) }
                let envelope = try #require(envelopes.first { $0.organizationID == mine })
                #expect(envelope.correlationID == correlationID)
                #expect(envelope.causationID != nil)
                #expect(envelope.traceparent.flatMap(TraceContext.traceID) == "0af7651916cd43dd8448eb211c80319c")
            }
        }
    }

    private func processor(_ scene: MessagingScene, _ witness: Witness<[String]>) -> RequestProcessor {
        RequestProcessor(
            definition: definition(witness), database: scene.database, moments: .system,
            metrics: MessagingMetrics(service: MessagingScene.service), logger: MessagingScene.logger)
    }

    @Test("A bundle is answered with one: each request for itself, also those that are refused or cannot be read")
    func bundle() async throws {
        try await MessagingScene.withRoles { scene in
            let organizationID = OrganizationID(UUID())
            let witness = Witness<[String]>()
            let requests = try [WriteNote(note: "a"), WriteNote(note: "b", isRefused: true), WriteNote(note: "c")].map {
                try MessagingScene.wire($0, organizationID: organizationID)
            }
            var unreadable = requests[0]
            unreadable.body = Array("{".utf8)
            let nobodys = try MessagingScene.wire(WriteNote(note: "d"), organizationID: nil)
            let bundle = Self.delivery(MessageBundle.request(requests + [unreadable, nobodys], timeout: .seconds(5)))
            let single = Self.delivery(MessageBundle.request([requests[0]], timeout: .seconds(5)))
            let groups = RequestProcessor.groups([single, bundle, single])
            #expect(groups.map(\.deliveries.count) == [2, 1])
            let (replies, staged) = await processor(scene, witness).answer(groups[1])
            #expect(replies.count == 1)
            let answers = try AnswerBundle.answers(in: replies[0].body)
            #expect(answers.map(\.outcome) == [.ok, .refused, .ok, .refused, .refused])
            #expect(try MessageCodec.decode(WriteNote.Reply.self, from: answers[2].body).notes == ["a", "c"])
            #expect(try MessageCodec.decode(Problem.self, from: answers[1].body) == Problem(.conflict, "b"))
            for answer in answers[3...] {
                #expect(try MessageCodec.decode(Problem.self, from: answer.body).slug == .internalError)
            }
            #expect(staged.messages.count == 2)
            #expect(witness.entries.first == ["a", "b", "c"], "they are handled together first")
        }
    }

    @Test("In a bundle of several organisations each sees its own rows only, and causes messages of its own")
    func organizations() async throws {
        try await MessagingScene.withRoles { scene in
            let (mine, other) = (OrganizationID(UUID()), OrganizationID(UUID()))
            let witness = Witness<[String]>()
            let requests = try [("a", mine), ("b", other), ("c", mine)].map {
                try MessagingScene.wire(WriteNote(note: $0), organizationID: $1)
            }
            let bundle = Self.delivery(MessageBundle.request(requests, timeout: .seconds(5)))
            let (replies, staged) = await processor(scene, witness).answer(.init(deliveries: [bundle]))
            let answers = try AnswerBundle.answers(in: replies[0].body).map {
                try MessageCodec.decode(WriteNote.Reply.self, from: $0.body)
            }
            // A reply lists the notes that its organisation can see.
            #expect(answers.map(\.notes) == [["a"], ["b"], ["a", "c"]])
            #expect(answers.allSatisfy { $0.role == "ticketing_tenant" })
            #expect(staged.messages.map(\.envelope.organizationID) == [mine, other, mine])
            #expect(staged.messages.map(\.envelope.causationID) == requests.map(\.envelope.id))
            #expect(staged.bundles.count == 1, "they were answered in one transaction")
            #expect(Set(witness.entries) == [["a", "c"], ["b"]])
        }
    }

    @Test("What has expired when a bundle has failed is not carried out any more")
    func expiredInBundle() async throws {
        try await MessagingScene.withRoles { scene in
            let asked = Timestamp(Date())
            // Each look at the clock is three seconds later, so that the deadline lies between the first try and the next.
            let clock = Mutex(asked)
            let moments = MomentSource(
                clock: {
                    clock.withLock { now in
                        now = now + .seconds(3)
                        return now
                    }
                }, random: { UInt64.random(in: .min ... .max) })
            let witness = Witness<[String]>()
            let processor = RequestProcessor(
                definition: definition(witness), database: scene.database, moments: moments,
                metrics: MessagingMetrics(service: MessagingScene.service), logger: MessagingScene.logger)
            let requests = try [("a", true), ("b", false)].map {
                try MessagingScene.wire(
                    WriteNote(note: $0, isRefused: $1), organizationID: OrganizationID(UUID()), at: asked)
            }
            let bundle = Self.delivery(MessageBundle.request(requests, timeout: .seconds(5)))
            let (replies, staged) = await processor.answer(.init(deliveries: [bundle]))
            for answer in try AnswerBundle.answers(in: replies[0].body) {
                #expect(answer.outcome == .refused)
                #expect(try MessageCodec.decode(Problem.self, from: answer.body).slug == .unavailable)
            }
            #expect(staged.messages.isEmpty)
            #expect(!witness.entries.isEmpty, "they were tried while somebody waited")
            #expect(try await scene.count("SELECT count(*) FROM notes") == 0)
        }
    }

    @Test("What one organisation's request breaks is broken for that request alone")
    func refusalOfOne() async throws {
        try await MessagingScene.withRoles { scene in
            let (mine, other) = (OrganizationID(UUID()), OrganizationID(UUID()))
            let witness = Witness<[String]>()
            let requests = try [("a", mine, false), ("b", other, false), ("c", mine, true), ("d", other, false)].map {
                try MessagingScene.wire(WriteNote(note: $0, isRefused: $2), organizationID: $1)
            }
            let bundle = Self.delivery(MessageBundle.request(requests, timeout: .seconds(5)))
            let (replies, staged) = await processor(scene, witness).answer(.init(deliveries: [bundle]))
            let answers = try AnswerBundle.answers(in: replies[0].body)
            #expect(answers.map(\.outcome) == [.ok, .ok, .refused, .ok])
            #expect(try MessageCodec.decode(WriteNote.Reply.self, from: answers[3].body).notes == ["b", "d"])
            #expect(staged.messages.count == 3)
            // After all together, each organisation by itself; one by one only where it was needed.
            #expect(witness.entries.filter { $0.contains("b") }.allSatisfy { $0 == ["b", "d"] })
            let notes = try await scene.database.query("SELECT note FROM notes ORDER BY note").decode(String.self)
            #expect(notes == ["a", "b", "d"])
        }
    }

    private static func delivery(_ message: AMQPMessage) -> AMQPDelivery {
        AMQPDelivery(
            queue: "q", consumerTag: "t", deliveryTag: 1, connectionEpoch: 1, redelivered: false,
            exchange: message.exchange, routingKey: message.routingKey, properties: message.properties,
            body: message.body)
    }

    @Test("A problem that a batch throws refuses only the request it is about, and undoes what that one wrote")
    func refusalInBatch() async throws {
        try await MessagingScene.withRoles { scene in
            let organizationID = OrganizationID(UUID())
            let witness = Witness<[String]>()
            let asker = scene.connections(.gateway)
            let gateway = scene.service(ServiceDefinition(name: .gateway, migrations: []), connections: asker)
            // The queue exists before the service runs, so that the requests arrive together.
            try await scene.administration.declare(MessagingTopology(definition: definition()).topology)
            try await scene.running(gateway) {
                try await withThrowingTaskGroup(of: (String, Problem?).self) { group in
                    // In this order, so that the refused one is in the first batch.
                    for (index, note) in ["c", "a", "b", "d"].enumerated() {
                        group.addTask {
                            let request = WriteNote(note: note, isRefused: note == "c")
                            do {
                                _ = try await asker.requests.ask(
                                    request, organizationID: organizationID, timeout: .seconds(60))
                                return (note, nil)
                            } catch let problem as Problem {
                                return (note, problem)
                            }
                        }
                        try await scene.eventually { try await scene.depth(of: "ticketing.requests") == index + 1 }
                    }
                    try await scene.running(scene.service(definition(witness))) {
                        for try await (note, problem) in group {
                            #expect(problem == (note == "c" ? Problem(.conflict, "c") : nil))
                        }
                    }
                }
            }
            // A quorum queue may deliver what waits in it in several pieces.
            let first = try #require(witness.entries.first)
            #expect(first.count > 1 && first.contains("c"), "\(first)")
            let notes = try await scene.database.query("SELECT note FROM notes ORDER BY note").decode(String.self)
            #expect(notes == ["a", "b", "d"])
        }
    }

    @Test("Without an answer the asker hears within the deadline that the service is unavailable")
    func noAnswer() async throws {
        try await MessagingScene.with { scene in
            let asker = scene.connections(.gateway)
            let gateway = scene.service(ServiceDefinition(name: .gateway, migrations: []), connections: asker)
            try await scene.running(gateway) {
                // Nobody has ever declared the queue.
                let refusal = await #expect(throws: Problem.self) {
                    try await asker.requests.ask(
                        WriteNote(note: "a"), organizationID: OrganizationID(UUID()), timeout: .seconds(20))
                }
                #expect(refusal?.slug == .unavailable)
                #expect(refusal?.retryAfterSeconds == 1)
                // The queue is there, and nobody takes from it.
                try await scene.administration.declare(MessagingTopology(definition: definition()).topology)
                let start = ContinuousClock.now
                let silence = await #expect(throws: Problem.self) {
                    try await asker.requests.ask(
                        WriteNote(note: "a"), organizationID: OrganizationID(UUID()), timeout: .milliseconds(500))
                }
                #expect(silence?.slug == .unavailable)
                #expect(ContinuousClock.now - start < .seconds(10))
            }
        }
    }

    @Test("A request that expired while it waited in the process is not carried out")
    func expired() async throws {
        try await MessagingScene.withRoles { scene in
            let witness = Witness<[String]>()
            let organizationID = OrganizationID(UUID())
            try await asking(scene, definition(witness)) { client in
                // As if it had lain in the process: no time to live that the broker knows, and its deadline is over.
                let old = try MessagingScene.wire(
                    WriteNote(note: "old"), organizationID: organizationID, at: Timestamp(Date()) - .seconds(60))
                var message = MessagingScene.message(old)
                message.exchange = Exchange.requests
                message.routingKey = MessagingScene.service.rawValue
                message.properties.expiration = "50000"
                try await scene.publish([message])
                let reply = try await client.ask(
                    WriteNote(note: "new"), organizationID: organizationID, timeout: .seconds(30))
                #expect(reply.notes == ["new"])
            }
            #expect(witness.entries.flatMap(\.self) == ["new"])
            #expect(try await scene.depth(of: "ticketing.requests") == 0)
        }
    }

    @Test("More requests are answered than a process is lent at once: they are acknowledged while others come")
    func acknowledgement() async throws {
        try await MessagingScene.withRoles { scene in
            // Each organisation's travels alone.
            let organizationIDs = (0..<Int(MessagingTopology.prefetch) + 20).map { _ in OrganizationID(UUID()) }
            try await asking(scene, definition()) { client in
                try await withThrowingTaskGroup(of: Int.self) { group in
                    for organizationID in organizationIDs {
                        group.addTask {
                            try await client.ask(
                                WriteNote(note: "a"), organizationID: organizationID, timeout: .seconds(60)
                            ).notes.count
                        }
                    }
                    for try await count in group { #expect(count == 1) }
                }
            }
            #expect(try await scene.depth(of: "ticketing.requests") == 0)
        }
    }

    @Test("A request without a tenant is refused before any handler sees it")
    func withoutTenant() async throws {
        try await MessagingScene.with { scene in
            let witness = Witness<[String]>()
            var definition = ServiceDefinition(name: MessagingScene.service, migrations: [])
            definition.answer(WriteNoteHandler(witness: witness))
            try await asking(scene, definition) { client in
                let refusal = await #expect(throws: Problem.self) {
                    try await client.ask(WriteNote(note: "a"), organizationID: nil, timeout: .seconds(30))
                }
                #expect(refusal?.slug == .internalError)
            }
            #expect(witness.entries.isEmpty)
        }
    }

    @Test("A request that cannot be understood is refused, not left without an answer")
    func malformed() async throws {
        try await MessagingScene.with { scene in
            var other = ServiceDefinition(name: MessagingScene.service, migrations: [])
            other.answer(OtherHandler())
            try await asking(scene, other) { client in
                let refusal = await #expect(throws: Problem.self) {
                    try await client.ask(WriteNote(note: "a"), organizationID: nil, timeout: .seconds(30))
                }
                #expect(refusal?.slug == .internalError)
            }
        }
    }
}

/// Answers requests of another kind than the tests ask.
private struct OtherHandler: SingleRequestHandler {
    struct Other: Request {
        static let name = "tests.other.v1"
        static let recipient = ServiceName.ticketing
        static let example = Other()
        static let replyExample = Done()
    }

    func answer(
        _ request: Received<Other>, in transaction: PostgresTransaction, at moment: Moment
    ) throws -> Answer<Done> {
        Answer(Done())
    }
}
