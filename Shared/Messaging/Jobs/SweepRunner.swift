import Contracts
import Foundation
import Logging
import Postgres

/// Repeats a service's sweeps, each in its own rhythm.
struct SweepRunner: Sendable {
    let service: ServiceName
    let database: PostgresClient
    let moments: MomentSource
    let dispatcher: Dispatcher
    let stopping: StopSignal
    let metrics: MessagingMetrics
    let logger: Logger

    /// How long a sweep that failed rests at most.
    private static let failureRest = Duration.seconds(5)

    /// Sweeps until told to stop.
    func run(_ sweeps: [any Sweep]) async {
        await withDiscardingTaskGroup { group in
            for sweep in sweeps {
                group.addTask { await repeatSweep(sweep) }
            }
        }
    }

    private func repeatSweep(_ sweep: any Sweep) async {
        while !Task.isCancelled, !stopping.isStopped {
            var rest = sweep.interval
            do {
                let hasMore = try await once(sweep)
                metrics.recordSweep(name: sweep.name, outcome: "swept")
                if hasMore { continue }
            } catch is CancellationError {
                return
            } catch {
                rest = min(rest, Self.failureRest)
                metrics.recordSweep(name: sweep.name, outcome: "failed")
                logger.warning(
                    "a sweep failed and comes again",
                    metadata: ["sweep": "\(sweep.name)", "error": "\(String(reflecting: error))"])
            }
            guard await stopping.rest(for: rest) else { return }
        }
    }

    /// - Returns: whether more rows are waiting.
    func once(_ sweep: any Sweep) async throws -> Bool {
        let moment = moments.moment()
        let staging = EffectStaging(service: service)
        let performers = dispatcher.jobs.performers
        let (staged, hasMore) = try await database.withTransaction { transaction in
            let result = try sweep.sweep(in: transaction, at: moment)
            let staged = try staging.stage(
                [(EffectStaging.Cause(), result.effects)], performers: performers, in: transaction, at: moment)
            return (staged, result.hasMore)
        }
        await dispatcher.dispatch(staged)
        return hasMore
    }
}
