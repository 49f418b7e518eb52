import Contracts
import Foundation
import Logging
import Postgres
import Synchronization

/// Performs a service's jobs: those its own transactions hand over from memory, and those that became due in the table.
public final class JobRunner: Sendable {
    private struct State {
        var performers: [String: any RegisteredJobPerformer] = [:]
        var waiting = WaitingJobs()
        var running: [String: Int] = [:]
        /// By kind.
        var finished: [String: [FinishedJob]] = [:]
        /// The kinds whose results are to be recorded now, each once, in the order in which they became due.
        var due: [String] = []
    }

    /// A performance that ended: with an outcome to record, or with an error that says nothing.
    private struct FinishedJob: Sendable {
        let job: ClaimedJob
        let result: Result<any Sendable, any Error>
    }

    private let service: ServiceName
    private let database: PostgresClient
    private let outbox: OutboxPublisher
    private let moments: MomentSource
    private let metrics: MessagingMetrics
    private let logger: Logger
    /// How it rests while the database is in trouble.
    private let rest: @Sendable (Duration) async throws -> Void
    private let state = Mutex(State())
    private let stopping = StopSignal()
    private let startSignals: AsyncStream<Void>
    private let startSignal: AsyncStream<Void>.Continuation
    private let recordSignals: AsyncStream<Void>
    private let recordSignal: AsyncStream<Void>.Continuation

    public init(
        service: ServiceName, database: PostgresClient, outbox: OutboxPublisher, moments: MomentSource,
        metrics: MessagingMetrics, logger: Logger,
        rest: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
    ) {
        self.rest = rest
        self.service = service
        self.database = database
        self.outbox = outbox
        self.moments = moments
        self.metrics = metrics
        self.logger = logger
        (self.startSignals, self.startSignal) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
        (self.recordSignals, self.recordSignal) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// The kinds of work this service performs. Set once, before ``run(pollInterval:)``.
    public func register(_ performers: [String: any RegisteredJobPerformer]) {
        state.withLock { $0.performers = performers }
    }

    var performers: [String: any RegisteredJobPerformer] { state.withLock { $0.performers } }

    /// Takes jobs that a committed transaction claimed for this process.
    func accept(_ jobs: [ClaimedJob]) {
        guard !jobs.isEmpty else { return }
        state.withLock { $0.waiting.append(jobs) }
        startSignal.yield()
    }

    /// Performs jobs until ``stop()``, then ends once the running ones are recorded.
    public func run(pollInterval: Duration = .milliseconds(500)) async {
        guard !performers.isEmpty else { return await stopping.wait() }
        async let recorder: Void = recordLoop()
        await withDiscardingTaskGroup { group in
            group.addTask { await self.pollLoop(every: pollInterval) }
            startSignal.yield()
            for await _ in startSignals {
                while let (job, performer) = takeNext() {
                    group.addTask {
                        if await self.perform(job, with: performer) { await self.gather(performer) }
                    }
                }
            }
            // The poll loop ends by itself when the runner is stopped; the performances that run are waited for.
        }
        recordSignal.yield()
        recordSignal.finish()
        await recorder
    }

    /// Starts no further job.
    public func stop() {
        stopping.stop()
        startSignal.finish()
    }

    /// Gives back the jobs that wait in memory, so that another process need not wait for their leases to end. For the end of
    /// a process, when nothing can hand over jobs any more.
    func releaseWaiting() async {
        await release { _ in true }
    }

    /// A waiting job whose turn it is; the caller performs it.
    func takeNext() -> (ClaimedJob, any RegisteredJobPerformer)? {
        let now = moments.now()
        return state.withLock { state in
            guard !stopping.isStopped else { return nil }
            let (performers, running) = (state.performers, state.running)
            let job = state.waiting.takeFirst { kind in
                guard let performer = performers[kind], running[kind, default: 0] < performer.concurrency else {
                    return nil
                }
                return { !Self.hasWaitedTooLong($0, performer, at: now) }
            }
            guard let job, let performer = performers[job.kind] else { return nil }
            state.running[job.kind, default: 0] += 1
            return (job, performer)
        }
    }

    /// Whether so much of the lease is gone that the rest might be too short for the performance.
    private static func hasWaitedTooLong(
        _ job: ClaimedJob, _ performer: any RegisteredJobPerformer, at now: Timestamp
    ) -> Bool {
        now >= job.leaseEndsAt - performer.lease / 2
    }

    /// Performs a job that was taken, and keeps its result for ``recordFinished()``.
    /// - Returns: whether no other result of its kind is kept, so that nobody has seen to their record yet.
    @discardableResult
    func perform(_ job: ClaimedJob, with performer: any RegisteredJobPerformer) async -> Bool {
        let started = ContinuousClock.now
        let result: Result<any Sendable, any Error>
        do {
            result = .success(
                try await performer.perform(
                    id: job.id, payload: job.payload, attempt: job.attempt, envelope: job.envelope,
                    startedAt: moments.now()))
        } catch {
            result = .failure(error)
        }
        var outcome = "performed"
        if case .failure = result { outcome = "failed" }
        metrics.recordJob(kind: job.kind, outcome: outcome, took: ContinuousClock.now - started)
        let isFirst = state.withLock { state in
            state.running[job.kind, default: 1] -= 1
            state.finished[job.kind, default: []].append(FinishedJob(job: job, result: result))
            return state.finished[job.kind]?.count == 1
        }
        startSignal.yield()
        return isFirst
    }

    /// Sees to the record of what is kept of a kind, once it has had its time to gather.
    private func gather(_ performer: any RegisteredJobPerformer) async {
        if performer.gathering > .zero { _ = await stopping.rest(for: performer.gathering) }
        state.withLock { state in
            if !state.due.contains(performer.kind) { state.due.append(performer.kind) }
        }
        recordSignal.yield()
    }

    // MARK: Claiming

    private func pollLoop(every interval: Duration) async {
        while !Task.isCancelled, !stopping.isStopped {
            await poll()
            guard await stopping.rest(for: interval) else { return }
        }
    }

    /// Gives back what has waited too long, and claims what is due.
    func poll() async {
        let (now, performers) = (moments.now(), performers)
        await release { job in
            performers[job.kind].map { Self.hasWaitedTooLong(job, $0, at: now) } ?? true
        }
        do {
            try await claimDueJobs()
        } catch {
            logger.warning("due jobs could not be claimed; trying again", metadata: ["error": "\(error)"])
        }
    }

    private func release(where isReleased: (ClaimedJob) -> Bool) async {
        let jobs = state.withLock { state in
            state.waiting.take(where: isReleased)
        }
        guard !jobs.isEmpty else { return }
        let moment = moments.moment()
        do {
            try await database.withTransaction { transaction in
                try JobStore.release(jobs, in: transaction, at: moment)
            }
        } catch {
            // Their leases end by themselves.
            logger.warning(
                "jobs wait for their leases to end", metadata: ["count": "\(jobs.count)", "error": "\(error)"])
        }
    }

    private func claimDueJobs() async throws {
        for (kind, performer) in performers.sorted(by: { $0.key < $1.key }) {
            let free = state.withLock { state in
                performer.concurrency - state.running[kind, default: 0]
                    - state.waiting.count(of: kind)
            }
            guard free > 0 else { continue }
            let moment = moments.moment()
            let jobs = try await database.withTransaction { transaction in
                try JobStore.claim(
                    kind: kind, lease: performer.lease, limit: free, in: transaction, at: moment)
            }
            accept(jobs)
        }
    }

    // MARK: Recording

    private func recordLoop() async {
        let start = ContinuousClock.now
        var pace = BatchPace(at: .zero)
        for await _ in recordSignals {
            while let kind = state.withLock({ $0.due.isEmpty ? nil : $0.due.removeFirst() }) {
                let rest = pace.begin(at: ContinuousClock.now - start)
                // A stop ends the rest: what is kept must be recorded before the process ends.
                if rest > .zero { _ = await stopping.rest(for: rest) }
                await recordFinished(kind)
            }
        }
    }

    /// Records the results of all performances that have ended.
    func recordFinished() async {
        for kind in state.withLock({ $0.finished.keys.sorted() }) { await recordFinished(kind) }
    }

    private func recordFinished(_ kind: String) async {
        let finished = state.withLock { $0.finished.removeValue(forKey: kind) }
        guard let finished, let performer = performers[kind] else { return }
        await record(finished, with: performer)
    }

    private func record(_ finished: [FinishedJob], with performer: any RegisteredJobPerformer) async {
        var performed: [(job: ClaimedJob, outcome: any Sendable)] = []
        for item in finished {
            switch item.result {
            case .success(let outcome): performed.append((item.job, outcome))
            case .failure(let error): await postpone(item.job, because: error)
            }
        }
        guard !performed.isEmpty else { return }
        do {
            try await commit(performed, with: performer)
        } catch {
            guard performed.count > 1 else { return await postpone(performed[0].job, because: error) }
            for one in performed {
                do {
                    try await commit([one], with: performer)
                } catch {
                    await postpone(one.job, because: error)
                }
            }
        }
    }

    /// Commits outcomes, waiting out a database that is away: what the outside world answered should not be forgotten. Once the
    /// process is to end, a few attempts must do; the job is then performed again elsewhere, under the same idempotency key.
    private func commit(
        _ performed: [(job: ClaimedJob, outcome: any Sendable)], with performer: any RegisteredJobPerformer
    ) async throws {
        var rest = Duration.milliseconds(50)
        for attempt in 1... {
            do {
                let staged = try await recordOnce(performed, with: performer)
                accept(staged.jobs)
                // Not waited for: a broker that is away must not hold up the next outcomes until their leases end.
                outbox.submit(staged)
                return
            } catch let error
                where DatabaseTrouble.isCause(of: error) && !Task.isCancelled
                && attempt < (stopping.isStopped ? 3 : 20)
            {
                // A stop does not cut this rest short; cancellation does.
                try await self.rest(rest)
                rest = min(rest * 2, .seconds(5))
            }
        }
    }

    private func recordOnce(
        _ performed: [(job: ClaimedJob, outcome: any Sendable)], with performer: any RegisteredJobPerformer
    ) async throws -> EffectStaging.Staged {
        let moment = moments.moment()
        let staging = EffectStaging(service: service)
        let performers = performers
        return try await database.withTransaction { transaction in
            let current = try JobStore.finish(performed.map(\.job.id), in: transaction)
            let counting = performed.filter { current.contains($0.job.id) }
            guard !counting.isEmpty else { return .init() }
            let effects = try performer.record(counting.map(\.outcome), in: transaction, at: moment)
            let work = zip(counting, effects).map { item, effects in
                (EffectStaging.Cause(item.job.envelope), effects)
            }
            return try staging.stage(work, performers: performers, in: transaction, at: moment)
        }
    }

    /// Puts a job back with growing delay: 1 s, 2 s, 4 s … at most 5 minutes. It is never given up.
    private func postpone(_ job: ClaimedJob, because error: any Error) async {
        let delay = Duration.seconds(min(300, 1 << min(job.attempt - 1, 9)))
        logger.warning(
            "a job could not be performed and comes again",
            metadata: [
                "kind": "\(job.kind)", "job_id": "\(job.id)", "attempt": "\(job.attempt)",
                "error": "\(FailureReason.text(of: error))",
            ])
        let dueAt = moments.now() + delay
        let reason = String(FailureReason.text(of: error).prefix(2000))
        do {
            try await database.withTransaction { transaction in
                try JobStore.postpone(job, until: dueAt, reason: reason, in: transaction)
            }
        } catch {
            // The lease ends by itself, so the job comes again in any case.
            logger.warning("a job waits for its lease to end", metadata: ["job_id": "\(job.id)", "error": "\(error)"])
        }
    }
}
