import Contracts
import Foundation
import Testing

/// What `deploy/simulate` has ordered, through the environment.
struct CampaignOrder: Sendable {
    let firstSeed: UInt64
    let count: UInt64
    /// Several processes share the seeds: each takes every so many.
    let stride: UInt64
    /// Where traces go, if they are wanted.
    let traceFolder: String?
    /// The planted bugs to look for; nil for none.
    let mutations: [Mutation]?

    /// Nil when nothing was ordered.
    init?(_ environment: [String: String] = ProcessInfo.processInfo.environment) {
        func number(_ name: String) -> UInt64? { environment["VOELGOED_SIMULATE_\(name)"].flatMap { UInt64($0) } }
        guard let firstSeed = number("SEED"), let count = number("SEEDS") else { return nil }
        self.firstSeed = firstSeed
        self.count = count
        stride = max(1, number("STRIDE") ?? 1)
        traceFolder = environment["VOELGOED_SIMULATE_TRACES"].flatMap { $0.isEmpty ? nil : $0 }
        mutations = environment["VOELGOED_SIMULATE_MUTATIONS"].flatMap { text in
            if text.isEmpty { return nil }
            if text == "all" { return Mutation.allCases }
            return text.split(separator: ",").compactMap { Mutation(rawValue: String($0)) }
        }
    }

    var seeds: [UInt64] {
        (0..<count).map { firstSeed + $0 * stride }
    }
}

/// The long version, which `deploy/simulate` runs.
@Suite("Simulation campaign", .enabled(if: CampaignOrder() != nil), .serialized)
@SimulationActor
struct Campaign {
    @Test("Every seed ends well", .enabled(if: CampaignOrder()?.mutations == nil))
    func seeds() async throws {
        let order = try #require(CampaignOrder())
        let world = try await SimulatedWorld.create()
        var failed = 0
        var simulated = Duration.zero
        for seed in order.seeds {
            let simulation = Simulation(seed: seed, in: world)
            let findings = try await simulation.run()
            simulated += simulation.now.since(VirtualTime.beginning)
            say(
                "seed \(seed) \(simulation.trace.hash) \(simulation.stepCount) steps \(findings.isEmpty ? "good" : "BAD")"
            )
            if let folder = order.traceFolder {
                try simulation.trace.write(to: "\(folder)/seed-\(seed).trace")
            }
            guard !findings.isEmpty else { continue }
            failed += 1
            report(findings, of: simulation)
        }
        say("simulated \(simulated.components.seconds) seconds")
        try await world.databases.drop()
        #expect(failed == 0)
    }

    @Test("Every planted bug is found", .enabled(if: CampaignOrder()?.mutations != nil))
    func mutations() async throws {
        let order = try #require(CampaignOrder())
        var escaped: [Mutation] = []
        for mutation in order.mutations ?? [] {
            let hunt = try await MutationHunt.run(mutation, seeds: order.seeds)
            say(hunt.line)
            if hunt.isWanted, hunt.findings.isEmpty { escaped.append(mutation) }
        }
        #expect(escaped == [])
    }

    private func report(_ findings: [Finding], of simulation: Simulation) {
        for finding in findings.prefix(20) { say("    \(finding)") }
        say("    the end of its trace:")
        for line in simulation.trace.lines.suffix(40) { say("    | \(line)") }
        say("    again: deploy/simulate --seed \(simulation.seed) --seeds 1 --traces FOLDER")
    }

    private func say(_ text: String) {
        print(text)
        // A file is not a terminal: without it, nothing is seen before the end.
        fflush(nil)
    }
}

extension EventTrace {
    func write(to path: String) throws {
        try (lines.joined(separator: "\n") + "\n").write(toFile: path, atomically: true, encoding: .utf8)
    }
}
