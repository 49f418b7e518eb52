import Foundation
import FoundationNetworking

/// One run: the platform behind its proxies, a steady load, faults by schedule, and the judgement.
struct Campaign: Sendable {
    /// How long the platform may take to become clean after the load has settled.
    static let cleaningLimit = 120.0

    let installation: Installation
    let seed: UInt64
    let kinds: [FaultKind]
    let seconds: Int
    /// Operations a second.
    let rate: Double
    /// Told what happens, a line each.
    let say: @Sendable (String) -> Void

    func run() async throws -> CampaignReport {
        // The proxies first: the services find nobody at their ports before.
        let databaseProxy = try FaultProxy(port: installation.database.proxyPort, to: installation.database.port)
        let brokerProxies = try installation.brokers.map {
            try FaultProxy(port: $0.server.proxyPort, to: $0.server.port)
        }
        defer { (brokerProxies + [databaseProxy]).forEach { $0.stop() } }
        let processes = try SupervisedProcesses(planFile: installation.plan)
        let frozen = FrozenProcesses(file: installation.frozenFile)
        let injector = Injector(
            installation: installation, processes: processes, frozen: frozen, brokerProxies: brokerProxies,
            databaseProxy: databaseProxy,
            control: BrokerControl(nodes: installation.brokers, environment: installation.controlEnvironment))
        let schedule = FaultSchedule(kinds: kinds, services: processes.services, seed: seed, seconds: seconds)
        say("seed \(seed), \(schedule.faults.count) faults in \(schedule.seconds) s:")
        schedule.faults.forEach { say("  \($0)") }
        do {
            let report = try await run(schedule, injector, processes)
            await frozen.thaw()
            return report
        } catch {
            await frozen.thaw()
            throw error
        }
    }

    private func run(
        _ schedule: FaultSchedule, _ injector: Injector, _ processes: SupervisedProcesses
    ) async throws -> CampaignReport {
        try await ready(processes.readyURLs)
        let startedAt = Date()
        let shop = try await Shop.open(
            gateways: installation.gateways, platformKey: installation.platformKey, clock: CampaignClock())
        say(
            "refunds \(shop.abilities.refunds ? "yes" : "no"), cancellations \(shop.abilities.cancellations ? "yes" : "no")"
        )
        let clock = CampaignClock()
        let running = shop.running(on: clock)
        let history = History()
        let plan = LoadPlan(seed: seed, rate: rate, seconds: schedule.seconds, abilities: shop.abilities)
        let faults = try await withThrowingTaskGroup(of: [FaultRecord].self) { group in
            group.addTask { try await strike(schedule, injector, clock) }
            group.addTask {
                try await load(plan, running, history)
                return []
            }
            defer { group.cancelAll() }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        let settledAfter = max(0, clock.now - Double(schedule.seconds))
        say("settled after \(Int(settledAfter)) s; checking")
        let (isClean, fsck) = try await check()
        let (records, strays) = try await Auditor(
            shop: running, witness: Witness(variables: try installation.operatorVariables())
        ).audit(await history.all)
        let completions = await history.allCompletions
        return CampaignReport(
            seed: seed, kinds: kinds, brokerNodes: installation.brokers.count, startedAt: startedAt.formatted(.iso8601),
            machine: Self.machine, operationsPerSecond: rate, loadSeconds: schedule.seconds, settledAfter: settledAfter,
            operations: Self.counts(records.map(\.kind.rawValue)),
            faults: Self.measured(faults, completions, loadSeconds: schedule.seconds), records: records,
            strayOrders: strays, isClean: isClean, fsck: fsck,
            deadLetters: try await operate("dead-letters").output.trimmingCharacters(in: .whitespacesAndNewlines))
    }

    // MARK: - Load and faults

    /// Begins each operation at its time, whatever became of those before, and returns when all are over.
    private func load(_ plan: LoadPlan, _ shop: Shop, _ history: History) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for operation in plan.operations.sorted(by: { $0.at < $1.at }) {
                // The plan's own rhythm: nothing is waited for.
                try await shop.client.clock.sleep(until: operation.at)
                group.addTask { try await Journey(operation: operation, shop: shop, history: history).run() }
            }
            try await group.waitForAll()
        }
    }

    private func strike(
        _ schedule: FaultSchedule, _ injector: Injector, _ clock: CampaignClock
    ) async throws -> [FaultRecord] {
        var records: [FaultRecord] = []
        for fault in schedule.faults {
            // The schedule is the experiment; what becomes of it is judged afterwards.
            try await clock.sleep(until: Double(fault.at))
            var record = FaultRecord(
                kind: fault.kind, target: "", wasCarriedOut: false, beganAt: clock.now, endedAt: clock.now,
                machineLoad: Self.machineLoad)
            do {
                let injection = try await injector.begin(fault)
                record.beganAt = clock.now
                record.target = injection.target
                record.wasCarriedOut = true
                say("\(Int(clock.now)) s: \(fault.kind.rawValue), \(injection.target)")
                do {
                    // How long the fault lasts.
                    try await clock.sleep(until: record.beganAt + Double(fault.kind.seconds))
                } catch {
                    try await injection.undo()
                    throw error
                }
                try await injection.undo()
                record.endedAt = clock.now
                if let url = injection.readyURL {
                    record.servedAgainAfter = try await ready(url, within: Double(fault.kind.rest))
                }
            } catch let error as CampaignError {
                record.target += "\(error)"
                say("\(Int(clock.now)) s: \(fault.kind.rawValue) failed: \(error)")
            }
            records.append(record)
        }
        return records
    }

    private static func measured(
        _ faults: [FaultRecord], _ completions: [RecoveryMeasure.Completion], loadSeconds: Int
    ) -> [FaultRecord] {
        faults.enumerated().map { index, fault in
            var fault = fault
            guard fault.wasCarriedOut else { return fault }
            fault.recovery = RecoveryMeasure(
                completions: completions, reference: fault.kind.recoversWhileItLasts ? fault.beganAt : fault.endedAt,
                beginning: fault.beganAt,
                next: index + 1 < faults.count ? faults[index + 1].beganAt : Double(loadSeconds))
            return fault
        }
    }

    // MARK: - Before and after

    /// Waits until every process serves.
    private func ready(_ urls: [String]) async throws {
        for url in urls where try await ready(url, within: 120) == nil { throw CampaignError("\(url) is not ready") }
    }

    /// How long it takes until a process says that it serves, in seconds; nil when it does not within the limit.
    private func ready(_ text: String, within limit: Double) async throws -> Double? {
        guard let url = URL(string: text) else { throw CampaignError("no URL: \(text)") }
        let clock = CampaignClock()
        while clock.now < limit {
            // No answer only means not yet.
            let response = try? await URLSession.shared.data(from: url).1
            if (response as? HTTPURLResponse)?.statusCode == 200 { return clock.now }
            // Between two looks at the condition.
            try await clock.sleep(until: clock.now + 0.05)
        }
        return nil
    }

    /// Whether `voelgoed fsck` comes to find nothing, and what it said last.
    private func check() async throws -> (isClean: Bool, output: String) {
        let clock = CampaignClock()
        while true {
            let (status, output) = try await operate("fsck", "--grace", "0", "--quiet")
            if status == 0 || clock.now > Self.cleaningLimit { return (status == 0, output) }
            // Between two looks: a check reads every table.
            try await clock.sleep(until: clock.now + 1)
        }
    }

    private func operate(_ arguments: String...) async throws -> (status: Int32, output: String) {
        try await Program.run(
            installation.operatorTool, arguments, environment: try installation.operatorVariables())
    }

    private static func counts(_ names: [String]) -> [String: Int] {
        names.reduce(into: [:]) { $0[$1, default: 0] += 1 }
    }

    private static var machineLoad: Double {
        var averages = [0.0, 0, 0]
        getloadavg(&averages, 3)
        return averages[0]
    }

    private static var machine: String {
        let information = ProcessInfo.processInfo
        return "\(information.processorCount) cores, \(information.physicalMemory >> 30) GiB, "
            + information.operatingSystemVersionString
    }
}
