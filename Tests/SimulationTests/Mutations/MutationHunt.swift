import Contracts
import Foundation

/// Runs seeds with a planted bug until it is found.
@SimulationActor
struct MutationHunt {
    let mutation: Mutation
    /// False when there is nothing yet that the bug could be planted in.
    let isWanted: Bool
    let seed: UInt64?
    let triedSeeds: Int
    let findings: [Finding]

    static func run(_ mutation: Mutation, seeds: [UInt64]) async throws -> MutationHunt {
        let world = try await SimulatedWorld.create(for: mutation)
        var hunt = MutationHunt(mutation: mutation, isWanted: true, seed: nil, triedSeeds: seeds.count, findings: [])
        for (index, seed) in seeds.enumerated() {
            let simulation = Simulation(seed: seed, in: world, mutation: mutation)
            let findings = try await simulation.run()
            guard mutation.needed.allSatisfy(simulation.accepts) else {
                hunt = MutationHunt(mutation: mutation, isWanted: false, seed: nil, triedSeeds: 0, findings: [])
                break
            }
            if !findings.isEmpty {
                hunt = MutationHunt(
                    mutation: mutation, isWanted: true, seed: seed, triedSeeds: index + 1, findings: findings)
                break
            }
        }
        try await world.databases.drop()
        return hunt
    }

    /// One row of the table.
    var line: String {
        guard isWanted else { return "| \(mutation.rawValue) | \(mutation.summary) | has no place yet | | |" }
        guard let seed else {
            return "| \(mutation.rawValue) | \(mutation.summary) | ESCAPED | | \(triedSeeds) |"
        }
        var sources: [String] = []
        for finding in findings where !sources.contains(finding.source.description) {
            sources.append(finding.source.description)
        }
        let shown = sources.prefix(3).joined(separator: "; ")
        return "| \(mutation.rawValue) | \(mutation.summary) | \(shown) | \(seed) | \(triedSeeds) |"
    }
}
