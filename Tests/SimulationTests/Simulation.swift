import AMQP
import Contracts
import Foundation
import Messaging
import Postgres

@testable import Messaging
@testable import Operator
@testable import Postgres

/// One run: all services in one process, over a broker in memory and real databases, in virtual time. Everything that
/// happens is a step on the agenda and follows from the seed.
@SimulationActor
final class Simulation {
    typealias Action = @SimulationActor () async throws -> Void

    /// A step, and whose it is: a process that has died or was frozen does not take it.
    private struct Step {
        let process: SimulatedProcess?
        let life: Int
        let action: Action
    }

    let seed: UInt64
    let world: SimulatedWorld
    let mutation: Mutation?
    let time: VirtualTime
    let faults = CommitFaults()
    let shape: SimulationShape
    let outside: SimulatedOutside
    var random: SeededGenerator
    var broker: BrokerModel
    private(set) var trace = EventTrace()
    private(set) var plan: FaultPlan
    private(set) var processes: [SimulatedProcess] = []
    private(set) var auditor = Auditor()
    var switchboard = Switchboard()
    /// What a planted bug has sent before its time.
    let tooEarly = EarlyMessages()
    private var agenda = Agenda<Step>()
    private var watches: [SimulatedDatabases.Database: Timestamp] = [:]
    private var fruitlessWatches: [SimulatedDatabases.Database: Int] = [:]
    private var lastConnection: UInt64 = 0
    private(set) var isCalm = false
    private var isSettled = false
    private var runningActors = 0
    private(set) var stepCount = 0

    /// From the end of the faults on, everything must settle within this time.
    static let settlingLimit = Duration.seconds(4 * 3600)

    init(seed: UInt64, in world: SimulatedWorld, mutation: Mutation? = nil) {
        self.seed = seed
        self.world = world
        self.mutation = mutation
        var random = SeededGenerator(seed: seed)
        time = VirtualTime(random: random.split())
        let plan = FaultPlan.draw(&random)
        self.plan = plan
        broker = BrokerModel(random: random.split(), faults: plan.broker)
        shape = SimulationShape.draw(&random)
        outside = SimulatedOutside(random: random.split(), trouble: plan.outside)
        self.random = random
    }

    var now: Timestamp { time.now }

    /// Runs to the end.
    /// - Returns: what is wrong; nothing for a good run.
    func run() async throws -> [Finding] {
        try await CommitObservation.$observer.withValue(faults) {
            try await prepare()
            while !isSettled, let (moment, step) = agenda.takeFirst() {
                time.advance(to: moment)
                guard moment.since(VirtualTime.beginning) < shape.faultsLast + Self.settlingLimit else {
                    return await [Finding(.settling, whatIsLeft())] + audit()
                }
                if let process = step.process {
                    guard process.life == step.life else { continue }
                    if let thaw = process.frozenUntil {
                        agenda.add(step, at: max(thaw, moment + .milliseconds(1)))
                        continue
                    }
                }
                stepCount += 1
                try await step.action()
                watchChanged()
            }
            return await audit()
        }
    }

    private func prepare() async throws {
        try await world.databases.reset()
        _ = faults.takeChanged()
        record("seed \(seed) \(shape)")
        broker.declare(MessagingTopology.exchanges)
        for service in SimulatedWorld.services {
            for index in 0..<2 {
                let process = SimulatedProcess(service, index: index, in: self)
                processes.append(process)
                try await process.start()
            }
        }
        try await Cast(self).begin()
        later(.seconds(random.number(in: 5...20))) { try await self.tick() }
        if let mischief = plan.mischief { later(random.milliseconds(in: mischief)) { try await self.makeMischief() } }
        later(shape.faultsLast) { try await self.calmDown() }
    }

    // MARK: The agenda

    /// Puts a step on the agenda.
    func later(_ delay: Duration, _ action: @escaping Action) {
        agenda.add(Step(process: nil, life: 0, action: action), at: now + delay)
    }

    /// Puts a step of a process on the agenda.
    func later(_ delay: Duration, of process: SimulatedProcess, _ action: @escaping Action) {
        agenda.add(Step(process: process, life: process.life, action: action), at: now + delay)
    }

    func record(_ text: String) {
        trace.add(text, at: now)
    }

    // MARK: Actors

    /// Begins an actor. The run goes on until all of them have ended.
    func perform(_ script: Script, _ body: @escaping @SimulationActor () async -> Void) {
        runningActors += 1
        later(.zero) {
            await script.begin {
                await body()
                self.runningActors -= 1
            }
        }
    }

    // MARK: The broker

    func nextConnection() -> UInt64 {
        lastConnection += 1
        return lastConnection
    }

    func publish(_ message: AMQPMessage) -> Bool {
        let (isConfirmed, arrivals) = broker.publish(message, at: now)
        wake(arrivals)
        return isConfirmed
    }

    func wake(_ arrivals: [BrokerModel.Arrival]) {
        for arrival in arrivals {
            later(arrival.time.since(now)) { try await self.serve(arrival.queue) }
        }
    }

    /// Lets some process take from a queue.
    func serve(_ queue: String) async throws {
        guard broker.hasReady(queue, at: now) else { return }
        let connections = broker.takers(of: queue)
        let ready = processes.filter { connections.contains($0.connection) && $0.canTake(queue) }
        guard let process = ready.randomElement(using: &random) else { return }
        process.take(queue)
    }

    /// Carries a process's messages to the broker. A dead process carries nothing.
    func carry(_ messages: [WireMessage], from process: SimulatedProcess, life: Int) -> [PublishOutcome] {
        messages.map { message in
            guard !faults.isDead, process.life == life, process.isConnected else {
                return .unconfirmed(reason: "there is no connection")
            }
            let isConfirmed = publish(
                AMQPMessage(
                    exchange: message.exchange, routingKey: message.routingKey,
                    properties: EnvelopeCodec.properties(of: message), body: message.body))
            record("\(process.name) publishes \(message.envelope.summary)\(isConfirmed ? "" : ", unconfirmed")")
            auditor.hear(message, at: now)
            switchboard.hear(message, in: self)
            guard isConfirmed || mutation == .believeEveryPublish else {
                return .unconfirmed(reason: "no confirm came")
            }
            return .confirmed
        }
    }

    // MARK: What time brings

    /// Looks into the databases that have changed, a little later: whether something waits there for its time.
    private func watchChanged() {
        for name in faults.takeChanged() {
            guard let database = world.databases.database(named: name) else { continue }
            fruitlessWatches[database] = 0
            watch(database, in: random.milliseconds(in: 50...1000))
        }
    }

    private func watch(_ database: SimulatedDatabases.Database, in delay: Duration) {
        let moment = now + delay
        if let planned = watches[database], planned <= moment { return }
        watches[database] = moment
        later(delay) {
            guard self.watches[database] == moment else { return }
            self.watches[database] = nil
            try await self.look(into: database)
        }
    }

    private func look(into database: SimulatedDatabases.Database) async throws {
        let due = try await world.databases.dueTimes(database)
        let ripe = due.filter { $0.time <= now }.map(\.table)
        if let next = due.map(\.time).filter({ $0 > now }).min() {
            watch(database, in: next.since(now) + random.milliseconds(in: 1...500))
        }
        guard !ripe.isEmpty else { return }
        let service = database == .sandboxProvider ? ServiceName.payments : ServiceName(rawValue: database.rawValue)
        let fruitless = fruitlessWatches[database, default: 0]
        fruitlessWatches[database] = min(fruitless + 1, 9)
        watch(database, in: .milliseconds(200 << fruitless) + random.milliseconds(in: 0...200))
        let ready = processes.filter { $0.service == service && $0.isUp && $0.frozenUntil == nil }
        try await ready.randomElement(using: &random)?.attend(to: ripe, ofSandbox: database == .sandboxProvider)
        watchChanged()
    }

    /// Lets some process of each service do what it does in its own rhythm.
    private func tick() async throws {
        for service in SimulatedWorld.services {
            let ready = processes.filter { $0.service == service && $0.isUp && $0.frozenUntil == nil }
            try await ready.randomElement(using: &random)?.sweep()
        }
        later(.seconds(random.number(in: 20...60))) { try await self.tick() }
    }

    // MARK: Faults

    private func makeMischief() async throws {
        guard !isCalm, let mischief = plan.mischief else { return }
        if let process = processes.filter({ $0.isUp && $0.frozenUntil == nil }).randomElement(using: &random) {
            switch random.number(in: 0...2) {
            case 0: try await process.die(because: "killed")
            case 1: process.freeze(for: random.milliseconds(in: 500...60_000))
            default: process.loseConnection()
            }
        }
        later(random.milliseconds(in: mischief)) { try await self.makeMischief() }
    }

    /// Nothing fails any more: from here on everything has to settle.
    private func calmDown() async throws {
        // Who still wants something acts while things can fail.
        guard runningActors == 0 || now.since(VirtualTime.beginning) > shape.faultsLast + .seconds(1800) else {
            later(.seconds(5)) { try await self.calmDown() }
            return
        }
        isCalm = true
        plan = .none
        broker.faults = .none
        outside.calmDown()
        record("calm")
        for process in processes {
            if process.frozenUntil != nil { process.thaw() }
            if !process.isUp { try await process.start() }
        }
        later(.seconds(5)) { try await self.settle() }
    }

    private func settle() async throws {
        guard runningActors == 0, broker.messagesUnderWay == 0, processes.allSatisfy(\.isIdle) else {
            later(.seconds(5)) { try await self.settle() }
            return
        }
        var last: Timestamp?
        for database in SimulatedDatabases.Database.allCases {
            for (_, time) in try await world.databases.dueTimes(database) { last = max(last ?? time, time) }
        }
        guard let last else {
            record("settled")
            isSettled = true
            return
        }
        later(max(last.since(now), .zero) + .seconds(5)) { try await self.settle() }
    }

    private func whatIsLeft() async -> String {
        var left: [String] = []
        if runningActors > 0 { left.append("\(runningActors) actors") }
        if broker.messagesUnderWay > 0 { left.append("\(broker.messagesUnderWay) messages at the broker") }
        left += processes.filter { !$0.isIdle }.map { "\($0.name) is busy" }
        for database in SimulatedDatabases.Database.allCases {
            guard let due = try? await world.databases.dueTimes(database) else { continue }
            left += due.map { "\(database.rawValue).\($0.table) since \($0.time)" }
        }
        return left.joined(separator: "; ")
    }

    // MARK: The end

    private func audit() async -> [Finding] {
        var findings = broker.deadLetters.map { queue, message in
            let reason = message.properties.headers[EnvelopeCodec.Header.failureReason]?.string ?? "no reason"
            return Finding(.deadLetter, "\(message.properties.type ?? "-") in \(queue): \(reason)")
        }
        let scope = CheckScope(databases: world.databases.all, settledBefore: now + .seconds(86_400))
        for check in InvariantCheck.all {
            let outcome = await check.run(in: scope)
            if outcome.failures > 0 { findings += outcome.lines.map { Finding(.check(check.name), $0) } }
        }
        do {
            findings += try await auditor.findings(in: self).map { Finding(.auditor, $0) }
        } catch {
            findings.append(Finding(.auditor, "it could not look: \(String(reflecting: error))"))
        }
        for finding in findings { record("finding: \(finding)") }
        record("ended after \(stepCount) steps with \(findings.count) findings")
        return findings
    }
}

extension Envelope {
    /// As the trace shows it.
    var summary: String { "\(type) \(id.uuidString.suffix(8).lowercased())" }
}
