import AMQP
import Contracts
import Foundation
import Messaging
import Postgres

@testable import Messaging
@testable import Payments

/// One process of a service: what it has in memory, and the steps that the runtime's loops would take with it. When it
/// dies, its memory is gone; the databases and the broker remain.
@SimulationActor
final class SimulatedProcess {
    let service: ServiceName
    let name: String
    unowned let simulation: Simulation
    /// Grows with each death: what an earlier life had planned does not happen.
    private(set) var life = 0
    private(set) var isUp = false
    /// While it is frozen: until when.
    private(set) var frozenUntil: Timestamp?
    /// The connection to the broker; it is new after each loss.
    private(set) var connection: UInt64 = 0
    private(set) var isConnected = false
    private(set) var memory: ProcessMemory?
    /// What the service accepts, as its process was last started with.
    private(set) var definition: ServiceDefinition?
    private var busyLanes: Set<String> = []
    private var performances: [Performance] = []
    /// Steps that are on the agenda and hold something in memory.
    private var stepsUnderWay = 0

    /// How long the process goes on believing in a connection that has ended.
    private static let reconnecting = 50...2000

    init(_ service: ServiceName, index: Int, in simulation: Simulation) {
        self.service = service
        self.name = "\(service).\(index)"
        self.simulation = simulation
    }

    var isIdle: Bool { busyLanes.isEmpty && performances.isEmpty && stepsUnderWay == 0 }

    // MARK: Life and death

    func start() async throws {
        memory = try ProcessMemory(of: self)
        definition = memory?.definition
        isUp = true
        simulation.record("\(name) starts")
        connect()
    }

    private func connect() {
        guard let memory else { return }
        connection = simulation.nextConnection()
        isConnected = true
        simulation.broker.declare(memory.topology.topology)
        for queue in memory.queues {
            simulation.broker.consume(queue, over: connection)
            simulation.later(.milliseconds(1)) { try await self.simulation.serve(queue) }
        }
    }

    /// Ends the process as a kill does.
    func die(because reason: String) async throws {
        guard isUp else { return }
        simulation.record("\(name) dies: \(reason)")
        life += 1
        isUp = false
        frozenUntil = nil
        memory = nil
        busyLanes = []
        stepsUnderWay = 0
        for performance in performances { await performance.abandon() }
        performances = []
        disconnect()
        let restart = simulation.random.milliseconds(in: 100...5000)
        simulation.later(restart) {
            // When things calm down, it may have been started already.
            if !self.isUp { try await self.start() }
        }
    }

    private func disconnect() {
        guard isConnected else { return }
        isConnected = false
        simulation.wake(simulation.broker.disconnect(connection, at: simulation.now))
        // Whoever is next may take what had not been lent.
        for queue in simulation.queues(of: service) {
            simulation.later(.milliseconds(1)) { try await self.simulation.serve(queue) }
        }
    }

    /// The connection to the broker ends; what was taken is in memory still, and the broker gives it to others.
    func loseConnection() {
        guard isUp, isConnected else { return }
        simulation.record("\(name) loses its connection")
        disconnect()
        simulation.later(simulation.random.milliseconds(in: Self.reconnecting), of: self) {
            if !self.isConnected { self.connect() }
        }
    }

    /// Stops the process as SIGSTOP does. The broker misses its heartbeat after a while.
    func freeze(for duration: Duration) {
        simulation.record("\(name) is frozen for \(duration)")
        frozenUntil = simulation.now + duration
        let (life, thaw) = (life, frozenUntil)
        simulation.later(simulation.random.milliseconds(in: 500...20_000)) {
            guard self.life == life, self.frozenUntil == thaw else { return }
            self.simulation.record("\(self.name) misses its heartbeat")
            self.disconnect()
        }
        simulation.later(duration) {
            guard self.life == life, self.frozenUntil == thaw else { return }
            self.thaw()
        }
    }

    func thaw() {
        simulation.record("\(name) goes on")
        frozenUntil = nil
        guard isConnected else { return connect() }
        // What came while it was frozen lies in its socket.
        for queue in memory?.queues ?? [] {
            simulation.later(.milliseconds(1)) { try await self.simulation.serve(queue) }
        }
    }

    /// Runs a step of the process, in which one commit may fail.
    /// - Returns: false when the process died of it.
    func attempt(_ body: (ProcessMemory) async throws -> Void) async throws -> Bool {
        guard let memory else { return false }
        if simulation.random.chance(simulation.plan.commit) {
            simulation.faults.arm(
                CommitFaults.Fault.allCases.randomElement(using: &simulation.random),
                passing: simulation.random.number(in: 0...1))
        }
        do {
            try await body(memory)
        } catch {
            // The loops of the runtime take note and come again.
            simulation.record("\(name) could not: \(FailureReason.text(of: error))")
        }
        let fired = simulation.faults.disarm()
        _ = simulation.carry(simulation.tooEarly.take(), from: self, life: life)
        guard let fault = fired else { return true }
        simulation.record("\(name): \(fault)")
        guard fault.isDeath else { return true }
        try await die(because: "at COMMIT")
        return false
    }

    /// Between two steps.
    /// - Returns: false when the process died here.
    private func survives(_ place: String) async throws -> Bool {
        guard simulation.random.chance(simulation.plan.death) else { return true }
        try await die(because: place)
        return false
    }

    /// A step that carries something in memory from the one before.
    func carryOn(_ delay: ClosedRange<Int>, _ action: @escaping Simulation.Action) {
        stepsUnderWay += 1
        simulation.later(simulation.random.milliseconds(in: delay), of: self) {
            self.stepsUnderWay -= 1
            try await action()
        }
    }

    // MARK: Lanes

    func canTake(_ queue: String) -> Bool {
        isUp && frozenUntil == nil && !busyLanes.contains(queue)
    }

    /// Takes what is there.
    func take(_ queue: String) {
        guard let memory else { return }
        let limit = simulation.random.number(in: 1...12)
        let batch = simulation.broker.take(queue, over: connection, limit: limit, at: simulation.now)
        guard !batch.isEmpty else { return }
        busyLanes.insert(queue)
        simulation.record("\(name) takes \(batch.count) from \(queue)")
        if simulation.mutation == .acknowledgeFirst { simulation.broker.acknowledge(batch) }
        if queue == memory.topology.requestQueue {
            carryOn(0...5) { try await self.answer(batch, from: queue) }
        } else {
            carryOn(0...5) { try await self.handle(batch, from: queue, rest: 20) }
        }
    }

    private func leaveLane(_ queue: String) {
        busyLanes.remove(queue)
        simulation.later(.milliseconds(1)) { try await self.simulation.serve(queue) }
    }

    private struct Ended {
        let delivery: AMQPDelivery
        let disposition: BatchProcessor.Disposition
    }

    private func handle(_ batch: [AMQPDelivery], from queue: String, rest: Int) async throws {
        var ended: [Ended] = []
        var readable: [(delivery: AMQPDelivery, message: IncomingMessage)] = []
        for delivery in batch {
            do {
                readable.append((delivery, try EnvelopeCodec.incoming(delivery)))
            } catch {
                ended.append(
                    Ended(
                        delivery: delivery,
                        disposition: .deadLetter(failures: 1, reason: String(describing: error))))
            }
        }
        if simulation.mutation == .rememberInMemory, let memory {
            let known = readable.filter { !memory.remember($0.message.envelope.id) }.map(\.delivery)
            readable.removeAll { known.contains($0.delivery) }
            ended += known.map { Ended(delivery: $0, disposition: .handled) }
        }
        var left: [AMQPDelivery] = []
        var staged = EffectStaging.Staged()
        let isAlive = try await attempt { memory in
            let result = await memory.processor.process(readable.map(\.message), lane: queue)
            staged = result.staged
            for ((delivery, message), disposition) in zip(readable, result.dispositions) {
                simulation.record("\(name) \(Self.word(for: disposition)) \(message.envelope.summary)")
                if let disposition {
                    ended.append(Ended(delivery: delivery, disposition: disposition))
                } else {
                    left.append(delivery)
                }
            }
        }
        guard isAlive else { return }
        if !ended.isEmpty { carryOn(0...5) { try await self.settle(ended, staged) } }
        guard !left.isEmpty else { return leaveLane(queue) }
        carryOn(rest...rest) { try await self.handle(left, from: queue, rest: min(rest * 2, 2000)) }
    }

    private static func word(for disposition: BatchProcessor.Disposition?) -> String {
        switch disposition {
        case .handled: "handles"
        case .retry(_, let failures, let reason): "fails for the \(failures). time (\(reason)) at"
        case .deadLetter(_, let reason): "gives up (\(reason))"
        case nil: "waits for the database with"
        }
    }

    private func settle(_ ended: [Ended], _ staged: EffectStaging.Staged) async throws {
        guard try await survives("after a commit, before its messages left") else { return }
        guard try await dispatch(staged) else { return }
        var settled: [AMQPDelivery] = []
        for item in ended {
            let copy: AMQPMessage?
            switch item.disposition {
            case .handled: copy = nil
            case .retry(let delay, let failures, let reason):
                copy = MessageLane.retryCopy(
                    of: item.delivery, by: service, after: delay, failures: failures, reason: reason)
            case .deadLetter(let failures, let reason):
                copy = MessageLane.deadLetterCopy(of: item.delivery, failures: failures, reason: reason)
            }
            if let copy, !isConnected || !simulation.publish(copy) {
                simulation.wake(simulation.broker.giveBack(item.delivery, at: simulation.now))
            } else {
                settled.append(item.delivery)
            }
        }
        carryOn(0...3) {
            guard try await self.survives("after its messages left, before it acknowledged") else { return }
            self.simulation.broker.acknowledge(settled)
        }
    }

    /// Sends off what was committed.
    /// - Returns: false when the process died of it.
    private func dispatch(_ staged: EffectStaging.Staged) async throws -> Bool {
        guard let memory else { return false }
        if !staged.jobs.isEmpty {
            memory.jobs.accept(staged.jobs)
            carryOn(0...5) { try await self.performJobs() }
        }
        guard !staged.bundles.isEmpty || !staged.transient.isEmpty else { return true }
        let isAlive = try await attempt { memory in
            await memory.outbox.announce(staged.transient)
            await memory.outbox.publish(staged.bundles)
        }
        guard isAlive else { return false }
        deleteConfirmed()
        return true
    }

    /// Deletes the rows of what was published, a while after.
    func deleteConfirmed() {
        carryOn(0...30) { _ = try await self.attempt { await $0.outbox.deleteConfirmed() } }
    }

    // MARK: Requests

    private func answer(_ batch: [AMQPDelivery], from queue: String) async throws {
        leaveLane(queue)
        let now = simulation.now
        let current = batch.filter { !RequestProcessor.hasExpired($0, at: now) }
        for group in RequestProcessor.groups(current) {
            var replies: [AMQPMessage] = []
            var staged = EffectStaging.Staged()
            let isAlive = try await attempt { memory in
                (replies, staged) = await memory.requests.answer(group)
            }
            guard isAlive else { return }
            simulation.record("\(name) answers \(group.deliveries.count) \(group.deliveries[0].properties.type ?? "-")")
            guard try await survives("after answering, before the answer left") else { return }
            for reply in replies { simulation.deliver(reply) }
            guard try await dispatch(staged) else { return }
        }
        simulation.broker.acknowledge(batch)
    }

    // MARK: Jobs

    func performJobs() async throws {
        while let memory, let (job, performer) = memory.jobs.takeNext() {
            simulation.record("\(name) performs \(job.kind) \(job.id.uuidString.suffix(8).lowercased())")
            let performance = Performance(time: simulation.time)
            performances.append(performance)
            try await step(performance) {
                await performance.begin { await memory.jobs.perform(job, with: performer) }
            }
        }
    }

    private func step(_ performance: Performance, _ move: () async -> Void) async throws {
        let isAlive = try await attempt { _ in await move() }
        guard isAlive else { return }
        if performance.hasEnded {
            performances.removeAll { $0 === performance }
            carryOn(0...5) { try await self.recordJobs() }
        } else if let wakesAt = performance.wakesAt {
            simulation.later(max(wakesAt.since(simulation.now), .zero), of: self) {
                try await self.step(performance) { await performance.wake() }
            }
        }
    }

    private func recordJobs() async throws {
        guard try await survives("after a performance, before it was recorded") else { return }
        let isAlive = try await attempt { await $0.jobs.recordFinished() }
        guard isAlive else { return }
        carryOn(0...2) { try await self.performJobs() }
        carryOn(0...5) { try await self.publishSubmitted() }
    }

    func publishSubmitted() async throws {
        guard try await survives("after a commit, before its messages left") else { return }
        guard try await attempt({ await $0.outbox.publishSubmitted() }) else { return }
        deleteConfirmed()
    }
}
