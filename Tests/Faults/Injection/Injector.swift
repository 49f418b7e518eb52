import Foundation

/// Carries faults out, and undoes those that last.
struct Injector: Sendable {
    let installation: Installation
    let processes: SupervisedProcesses
    let frozen: FrozenProcesses
    let brokerProxies: [FaultProxy]
    let databaseProxy: FaultProxy
    let control: BrokerControl

    /// What was done, and how it is undone.
    struct Injection: Sendable {
        /// Whom it struck.
        var target: String
        /// Where what was killed says that it serves again.
        var readyURL: String?
        var undo: @Sendable () async throws -> Void = {}
    }

    func begin(_ fault: PlannedFault) async throws -> Injection {
        switch fault.kind {
        case .serviceKill:
            let victim = try service(fault)
            var injection = try signal(victim, SIGKILL)
            injection.readyURL = processes.readyURL(of: victim.name)
            return injection
        case .serviceFreeze: return try await freeze(try service(fault))
        case .brokerRestart: return try signal(try broker(fault), SIGTERM)
        case .brokerKill: return try signal(try broker(fault), SIGKILL)
        case .brokerMemoryAlarm: return try await raiseAlarm(fault)
        // "Fast" shutdown: sessions are ended, data is written.
        case .databaseRestart: return try signal(try .server(installation.database), SIGINT)
        case .databaseKill: return try signal(try .server(installation.database), SIGKILL)
        case .databaseBackendKill: return try signal(try backend(fault), SIGKILL)
        case .clusterKillLeader: return try signal(try await clusterNode(leads: true, fault), SIGKILL)
        case .clusterKillFollower: return try signal(try await clusterNode(leads: false, fault), SIGKILL)
        case .clusterFreezeLeader: return try await freezeNode(try await clusterNode(leads: true, fault))
        case .clusterFreezeFollower: return try await freezeNode(try await clusterNode(leads: false, fault))
        default: return link(fault.kind)
        }
    }

    // MARK: - Links

    private func link(_ kind: FaultKind) -> Injection {
        let isDatabase = kind.rawValue.hasPrefix("database-")
        let proxies = isDatabase ? [databaseProxy] : brokerProxies
        let condition = Self.condition(kind)
        proxies.forEach { $0.set(condition) }
        return Injection(target: isDatabase ? "all database connections" : "all broker connections") {
            proxies.forEach { $0.set(.good) }
        }
    }

    static func condition(_ kind: FaultKind) -> LinkCondition {
        switch kind {
        case .brokerDelay: LinkCondition(delay: .milliseconds(60), jitter: .milliseconds(60))
        // Every statement of a transaction waits for it, so it is less.
        case .databaseDelay: LinkCondition(delay: .milliseconds(20), jitter: .milliseconds(20))
        case .brokerBandwidth, .databaseBandwidth: LinkCondition(bytesPerSecond: 64 * 1024)
        case .brokerBlackHole, .databaseBlackHole: .blackHole
        case .brokerHalfOpen, .databaseHalfOpen: .halfOpen
        case .brokerReset, .databaseReset: .reset
        default: .good
        }
    }

    // MARK: - Processes

    private func signal(_ victim: Victim, _ number: Int32) throws -> Injection {
        try victim.signal(number)
        return Injection(target: "\(victim)")
    }

    private func freeze(_ victim: Victim) async throws -> Injection {
        try await frozen.freeze(victim)
        return Injection(target: "\(victim)") { await frozen.thaw(victim) }
    }

    /// A node that goes on stays apart from the others. Its operator, who is told so by `voelgoed doctor` and by the
    /// broker's own alarm, restarts it.
    private func freezeNode(_ victim: Victim) async throws -> Injection {
        try await frozen.freeze(victim)
        return Injection(target: "\(victim)") {
            await frozen.thaw(victim)
            let clock = CampaignClock()
            while clock.now < Self.reunionLimit {
                if try await control.isDivided() { return try victim.signal(SIGTERM) }
                try await clock.sleep(until: clock.now + 0.5)
            }
        }
    }

    /// How long nodes may take to find that they had lost each other, in seconds.
    private static let reunionLimit = 8.0

    private func service(_ fault: PlannedFault) throws -> Victim {
        let running = try processes.running(fault.service ?? "")
        guard !running.isEmpty else { throw CampaignError("no process of \(fault.service ?? "-") runs") }
        return running[fault.choice % running.count]
    }

    private func broker(_ fault: PlannedFault) throws -> Victim {
        try .server(installation.brokers[fault.choice % installation.brokers.count].server)
    }

    /// A server process of PostgreSQL that serves one of the services.
    private func backend(_ fault: PlannedFault) throws -> Victim {
        let postmaster = try Victim.server(installation.database)
        let sessions = Victim.children(of: postmaster.id).filter {
            Victim.commandLine($0)?.contains(" voelgoed_") == true
        }
        guard !sessions.isEmpty else { throw CampaignError("PostgreSQL serves nobody") }
        return Victim(name: "session", id: sessions[fault.choice % sessions.count], match: " voelgoed_")
    }

    private func raiseAlarm(_ fault: PlannedFault) async throws -> Injection {
        let node = installation.brokers[fault.choice % installation.brokers.count]
        try await control.setMemoryWatermark("0.00001", on: node)
        return Injection(target: node.node) { try await control.setMemoryWatermark("0.4", on: node) }
    }

    /// The node that leads most of the busy queues, or one of the others.
    private func clusterNode(leads: Bool, _ fault: PlannedFault) async throws -> Victim {
        let counts = try await control.leaders()
        let ranked = installation.brokers.sorted { counts[$0.node, default: 0] > counts[$1.node, default: 0] }
        guard let leader = ranked.first, ranked.count > 1 else { throw CampaignError("there is no cluster") }
        let others = Array(ranked.dropFirst())
        return try .server((leads ? leader : others[fault.choice % others.count]).server)
    }
}
