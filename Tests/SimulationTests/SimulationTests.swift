import Contracts
import Foundation
import Testing

/// The short version of `deploy/simulate`.
@Suite("Simulation", .serialized)
@SimulationActor
struct SimulationTests {
    @Test("Nothing is lost, doubled or left over, whatever fails")
    func seeds() async throws {
        let world = try await SimulatedWorld.create()
        let started = ContinuousClock.now
        for seed in UInt64(1)...20 {
            let simulation = Simulation(seed: seed, in: world)
            let findings = try await simulation.run()
            print(
                "seed \(seed): \(simulation.trace.hash), \(simulation.stepCount) steps, \(simulation.now.since(VirtualTime.beginning)) \(findings)"
            )
            #expect(findings == [])
            if !findings.isEmpty { print(simulation.trace.lines.suffix(60).joined(separator: "\n")) }
        }
        print("took \(ContinuousClock.now - started)")
        try await world.databases.drop()
    }
}
