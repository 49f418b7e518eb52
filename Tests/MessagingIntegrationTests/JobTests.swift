import AMQP
import Contracts
import Foundation
import Postgres
import Synchronization
import Testing

@testable import Messaging

/// Work outside of the database, and work that time causes.
@Suite("Jobs and sweeps", .timeLimit(.minutes(5)))
struct JobTests {
    /// A service whose messages start jobs.
    private func definition(_ scene: MessagingScene, _ performer: CallOutside) -> ServiceDefinition {
        var definition = scene.definition()
        definition.perform(performer)
        return definition
    }

    private func insertJob(_ label: String, dueAt: Timestamp, in scene: MessagingScene) async throws -> UUID {
        let id = UUID()
        let envelope = Envelope(id: id, type: CallOutside.kind, occurredAt: dueAt, appID: "tests")
        let payload = PostgresRawJSON(try MessageCodec.encode(CallOutside.Payload(label: label)))
        _ = try await scene.database.query(
            """
            INSERT INTO jobs (id, kind, payload, envelope, due_at, created_at)
            VALUES (\(id), \(CallOutside.kind), \(payload), \(PostgresJSON(envelope)), \(dueAt), \(dueAt))
            """)
        return id
    }

    @Test("A job that a message starts is performed once, and its outcome recorded and told")
    func performed() async throws {
        try await MessagingScene.with { scene in
            let subscriber = try await scene.subscribe(to: OrderFollowed.name)
            let calls = Witness<Job<CallOutside.Payload>>()
            let performer = CallOutside { job in
                calls.append(job)
                return "\(job.payload.label) answered"
            }
            let organizationID = OrganizationID(UUID())
            try await scene.running(scene.service(definition(scene, performer))) {
                let message = try MessagingScene.wire(
                    OrderNoted(label: "a", fate: .start), organizationID: organizationID, correlationID: UUID())
                try await scene.publish([message, message])
                let follower = try await scene.take(from: subscriber)
                let envelope = try EnvelopeCodec.envelope(follower.properties)
                #expect(envelope.organizationID == organizationID)
                #expect(envelope.correlationID == message.envelope.correlationID)
                try await scene.eventually { try await scene.count("SELECT count(*) FROM jobs") == 0 }
            }
            #expect(calls.entries.map(\.payload.label) == ["a"])
            #expect(calls.entries.map(\.attempt) == [1])
            #expect(calls.entries.map(\.organizationID) == [organizationID])
            #expect(try await scene.effects() == ["a", "a answered"])
        }
    }

    @Test("A job whose process died is performed again when its lease has ended")
    func lostLease() async throws {
        try await MessagingScene.with { scene in
            let calls = Witness<Int>()
            let performer = CallOutside(lease: .seconds(2)) { job in
                calls.append(job.attempt)
                return job.payload.label
            }
            let definition = definition(scene, performer)
            // The message is handled, its job claimed, and the process gone.
            let message = try MessagingScene.wire(OrderNoted(label: "a", fate: .start))
            let processor = BatchProcessor(
                definition: definition, database: scene.database, moments: .system,
                metrics: MessagingMetrics(service: MessagingScene.service), logger: MessagingScene.logger)
            let result = await processor.process(
                [IncomingMessage(envelope: message.envelope, body: message.body)], lane: MessagingScene.queue)
            #expect(result.staged.jobs.count == 1)
            try await scene.running(scene.service(definition)) {
                try await scene.eventually { try await scene.effectCount() == 2 }
            }
            #expect(calls.entries == [2])
            #expect(try await scene.count("SELECT count(*) FROM jobs") == 0)
        }
    }

    @Test("A job that cannot say anything comes again with growing delay, and is never given up")
    func postponed() async throws {
        try await MessagingScene.with { scene in
            let calls = Witness<ContinuousClock.Instant>()
            let performer = CallOutside { job in
                calls.append(.now)
                guard job.attempt >= 3 else { throw HandlingFailure(label: "no word") }
                return "third"
            }
            try await scene.running(scene.service(definition(scene, performer))) {
                _ = try await insertJob("a", dueAt: Timestamp(Date()), in: scene)
                await calls.wait(count: 1)
                try await scene.eventually {
                    try await scene.count("SELECT count(*) FROM jobs WHERE last_error LIKE '%no word%'") == 1
                }
                try await scene.eventually { try await scene.effects() == ["third"] }
            }
            let rests = zip(calls.entries, calls.entries.dropFirst()).map { $1 - $0 }
            #expect(rests.count == 2)
            #expect(rests[0] >= .seconds(1))
            #expect(rests[1] >= .seconds(2))
        }
    }

    @Test("A job that two processes perform, because the first was slower than its lease, is recorded once")
    func recordedOnce() async throws {
        try await MessagingScene.with { scene in
            let calls = Witness<Int>()
            let recorded = StopSignal()
            // The first performance answers only after the second one was recorded.
            let performer = CallOutside(lease: .seconds(1)) { job in
                calls.append(job.attempt)
                if job.attempt == 1 { await recorded.wait() }
                return "attempt \(job.attempt)"
            }
            let definition = definition(scene, performer)
            let slow = scene.service(definition)
            try await scene.running(slow) {
                _ = try await insertJob("a", dueAt: Timestamp(Date()), in: scene)
                await calls.wait(count: 1)
                try await scene.running(scene.service(definition)) {
                    try await scene.eventually { try await scene.effectCount() == 1 }
                    recorded.stop()
                }
            }
            // Both processes have ended, so that whatever was to be recorded is.
            #expect(try await scene.effects() == ["attempt 2"])
            #expect(try await scene.count("SELECT count(*) FROM jobs") == 0)
        }
    }

    @Test("A late failure does not take the job from the process that performs it by now")
    func lateFailure() async throws {
        try await MessagingScene.with { scene in
            let now = Timestamp(Date())
            let id = try await insertJob("a", dueAt: now, in: scene)
            func claim(at time: Timestamp) async throws -> [ClaimedJob] {
                let moment = MomentSource(clock: { time }, random: { 1 }).moment()
                return try await scene.database.withTransaction {
                    try JobStore.claim(
                        kind: CallOutside.kind, lease: .seconds(10), limit: 5, in: $0, at: moment)
                }
            }
            let first = try #require(try await claim(at: now).first)
            #expect(try await claim(at: now + .seconds(9)).isEmpty)
            let second = try #require(try await claim(at: now + .seconds(11)).first)
            #expect((first.id, first.attempt, second.attempt) == (id, 1, 2))
            try await scene.database.withTransaction {
                try JobStore.postpone(first, until: now, reason: "late", in: $0)
            }
            #expect(try await claim(at: now + .seconds(12)).isEmpty)
            let moment = MomentSource(clock: { now + .seconds(13) }, random: { 1 }).moment()
            try await scene.database.withTransaction { try JobStore.release([second], in: $0, at: moment) }
            // Given back without having been begun: the attempt does not count.
            #expect(try await claim(at: now + .seconds(14)).map(\.attempt) == [2])
        }
    }

    @Test("No more jobs than the limit run at a time, and those that wait are given back at the end")
    func concurrency() async throws {
        try await MessagingScene.with { scene in
            let calls = Witness<String>()
            let running = Mutex((now: 0, most: 0))
            let isOpen = StopSignal()
            let performer = CallOutside(concurrency: 2) { job in
                running.withLock { $0 = ($0.now + 1, max($0.most, $0.now + 1)) }
                defer { running.withLock { $0.now -= 1 } }
                calls.append(job.payload.label)
                await isOpen.wait()
                return job.payload.label
            }
            let service = scene.service(definition(scene, performer))
            try await scene.running(service) {
                try await scene.publish(
                    try (0..<5).map { try MessagingScene.wire(OrderNoted(label: "\($0)", fate: .start)) })
                await calls.wait(count: 2)
                try await scene.eventually { try await scene.count("SELECT count(*) FROM jobs") == 5 }
                service.stop()
                isOpen.stop()
            }
            #expect(running.withLock { $0.most } == 2)
            #expect(calls.entries.count == 2)
            // Two are recorded; three can be claimed at once.
            #expect(try await scene.count("SELECT count(*) FROM jobs") == 3)
            #expect(
                try await scene.count("SELECT count(*) FROM jobs WHERE attempts = 0 AND due_at <= \(Timestamp(Date()))")
                    == 3)
        }
    }

    @Test("Outcomes that may gather are recorded together, and at once when the process is to end")
    func gathering() async throws {
        try await MessagingScene.with { scene in
            let (calls, recorded) = (Witness<String>(), Witness<Int>())
            let isOpen = StopSignal()
            let performer = CallOutside(concurrency: 1, gathering: .seconds(3600), recorded: recorded) { job in
                calls.append(job.payload.label)
                if calls.entries.count == 4 { await isOpen.wait() }
                return job.payload.label
            }
            let service = scene.service(definition(scene, performer))
            try await scene.running(service) {
                try await scene.publish(
                    try (0..<4).map { try MessagingScene.wire(OrderNoted(label: "\($0)", fate: .start)) })
                // One at a time, so that three have ended when the fourth is called.
                await calls.wait(count: 4)
                #expect(recorded.entries.isEmpty)
                #expect(try await scene.count("SELECT count(*) FROM jobs") == 4)
                service.stop()
                await recorded.wait(count: 1)
                isOpen.stop()
            }
            #expect(recorded.entries == [3, 1])
            #expect(try await scene.count("SELECT count(*) FROM jobs") == 0)
        }
    }

    @Test("A sweep is repeated, at once while there is more, and what it causes is sent; a failure does not end it")
    func sweeps() async throws {
        try await MessagingScene.with { scene in
            let subscriber = try await scene.subscribe(to: OrderFollowed.name)
            let sweeps = Witness<Int>()
            var definition = scene.definition()
            definition.sweep(CountingSweep(witness: sweeps))
            try await scene.running(scene.service(definition)) {
                await sweeps.wait(count: 5)
            }
            // The first fails, the second and third follow at once, the fourth after the interval.
            let labels = [try await scene.take(from: subscriber), try await scene.take(from: subscriber)]
                .map { try? MessageCodec.decode(OrderFollowed.self, from: $0.body).label }
            #expect(Set(labels).isSubset(of: ["2", "3", "4", "5", "6"]))
            #expect(try await scene.effects().prefix(4) == ["2", "3", "4", "5"])
        }
    }
}

/// Counts its own runs.
private struct CountingSweep: Sweep {
    let name = "counting"
    let interval = Duration.milliseconds(200)
    let witness: Witness<Int>

    func sweep(in transaction: PostgresTransaction, at moment: Moment) throws -> SweepResult {
        let run = witness.entries.count + 1
        defer { witness.append(run) }
        try EffectTable.insert([(id: moment.makeUUID(), label: "\(run)")], process: "sweep", in: transaction)
        guard run > 1 else { throw HandlingFailure(label: "the first") }
        return SweepResult(effects: [OrderFollowed(label: "\(run)")], hasMore: run < 4)
    }
}
