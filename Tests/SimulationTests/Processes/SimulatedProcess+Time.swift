import Contracts
import Messaging

@testable import Messaging
@testable import Payments

/// What time brings to a process: rows that are due, and sweeps.
extension SimulatedProcess {
    /// Does what waits for its time in these tables.
    func attend(to tables: [String], ofSandbox: Bool) async throws {
        guard !ofSandbox else { return try await notify() }
        for table in tables {
            switch table {
            case "outbox":
                guard simulation.mutation != .forgetTheRelay else { continue }
                let isAlive = try await attempt { memory in
                    let count = try await memory.outbox.relay()
                    simulation.record("\(name) relays \(count)")
                }
                guard isAlive else { return }
                deleteConfirmed()
            case "jobs":
                let isAlive = try await attempt { await $0.jobs.poll() }
                guard isAlive else { return }
                carryOn(0...5) { try await self.performJobs() }
            default:
                try await sweep()
            }
        }
    }

    /// Sweeps once for each of the service's sweeps, or as often as there is more.
    func sweep() async throws {
        for sweep in memory?.definition.sweeps ?? [] {
            var hasMore = true
            while hasMore {
                hasMore = false
                let isAlive = try await attempt { memory in
                    do {
                        hasMore = try await memory.sweeper.once(sweep)
                    } catch {
                        simulation.record("\(name) could not sweep \(sweep.name): \(FailureReason.text(of: error))")
                    }
                }
                guard isAlive else { return }
            }
        }
        // What a sweep has started is in memory.
        carryOn(0...5) { try await self.performJobs() }
    }

    /// Lets the sandbox, which lives in this process, tell what is due.
    private func notify() async throws {
        let isAlive = try await attempt { memory in
            let count = try await memory.notifier?.deliverDue() ?? 0
            simulation.record("\(name) is told \(count)")
        }
        guard isAlive else { return }
        carryOn(0...5) { try await self.publishSubmitted() }
        carryOn(0...5) { try await self.performJobs() }
    }
}
