import Foundation

/// Keeps the processes of a plan running.
///
/// If it is killed itself, its children go on under init, which reaps them when they end; `deploy/down` finds them in
/// the state file.
actor Supervisor {
    private struct Child {
        let planned: SupervisionPlan.Process
        var process: SpawnedProcess?
        var startedAt = Duration.zero
        var restarts = 0
        var delay = RestartDelay()
        var rest: Task<Void, any Error>?
    }

    private let plan: SupervisionPlan
    private let timing: SupervisorTiming
    private let report: @Sendable (SupervisorEvent) -> Void
    private var children: [String: Child]
    private var isStopping = false
    private var stopper: CheckedContinuation<Void, Never>?

    /// What a program needs to find its libraries and its temporary files comes from our own environment.
    private static let inheritedVariables = ["PATH", "HOME", "LANG", "TMPDIR", "LD_LIBRARY_PATH"]

    /// - Parameter report: hears what happens, in order.
    init(
        plan: SupervisionPlan, timing: SupervisorTiming = .system,
        report: @escaping @Sendable (SupervisorEvent) -> Void
    ) {
        self.plan = plan
        self.timing = timing
        self.report = report
        children = Dictionary(plan.processes.map { ($0.name, Child(planned: $0)) }) { first, _ in first }
    }

    /// Starts every process of the plan.
    func start() {
        for process in plan.processes { launch(process.name) }
    }

    /// Asks every process to end, and kills those that have not after the time. Returns when all have ended.
    func stop(within limit: Duration) async {
        isStopping = true
        for child in children.values {
            child.rest?.cancel()
            child.process?.terminate()
        }
        // Cancelled below: it lives no longer than this call.
        let killer = Task {
            try await timing.sleep(limit)
            killRemaining()
        }
        if !hasEnded { await withCheckedContinuation { stopper = $0 } }
        killer.cancel()
        report(.stopped)
    }

    private var hasEnded: Bool { children.values.allSatisfy { $0.process == nil } }

    private func killRemaining() {
        for (name, child) in children {
            guard let process = child.process else { continue }
            report(.killed(name: name))
            process.killGroup()
        }
    }

    private func launch(_ name: String) {
        guard !isStopping, var child = children[name] else { return }
        child.startedAt = timing.elapsed()
        child.rest = nil
        do {
            let process = try Self.spawn(child.planned)
            child.process = process
            children[name] = child
            writeState()
            report(.started(name: name, pid: process.id))
            process.whenEnded {
                // Unstructured, because the thread that waited knows no tasks. The actor puts it in order.
                Task { await self.ended(name) }
            }
        } catch {
            children[name] = child
            writeState()
            report(.notStarted(name: name, reason: "\(error)"))
            restartLater(name)
        }
    }

    private static func spawn(_ planned: SupervisionPlan.Process) throws -> SpawnedProcess {
        let log = open(planned.log, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o600)
        guard log >= 0 else { throw OperatorError("\(planned.log): \(String(cString: strerror(errno)))") }
        defer { close(log) }
        var environment = planned.environment
        for name in inheritedVariables where environment[name] == nil {
            environment[name] = ProcessInfo.processInfo.environment[name]
        }
        return try SpawnedProcess(
            executable: planned.executable, arguments: planned.arguments, environment: environment, output: log,
            nice: planned.nice)
    }

    private func ended(_ name: String) {
        guard let process = children[name]?.process else { return }
        children[name]?.process = nil
        let how = process.reap()
        // Before anybody hears of it: the state file never names a process that is known to have ended.
        writeState()
        report(.ended(name: name, how: how))
        if !isStopping { restartLater(name) }
        if isStopping, hasEnded {
            stopper?.resume()
            stopper = nil
        }
    }

    private func restartLater(_ name: String) {
        guard var child = children[name] else { return }
        let delay = child.delay.next(afterRunning: timing.elapsed() - child.startedAt)
        child.restarts += 1
        // Unstructured, because nobody waits for it; stopping cancels it.
        child.rest = Task {
            try await timing.sleep(delay)
            launch(name)
        }
        children[name] = child
        report(.resting(name: name, delay))
    }

    private func writeState() {
        let state = SupervisionState(
            processes: plan.processes.compactMap { planned in
                guard let child = children[planned.name], let process = child.process else { return nil }
                return .init(name: planned.name, pid: process.id, restarts: child.restarts)
            })
        do {
            try state.write(plan.stateFile)
        } catch {
            report(.stateNotWritten(reason: "\(error)"))
        }
    }
}
