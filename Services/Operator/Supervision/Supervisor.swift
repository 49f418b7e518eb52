import Foundation

/// Keeps the processes of a plan running.
actor Supervisor {
    private struct Child {
        var process: Process?
        var startedAt: ContinuousClock.Instant
        var restarts = 0
        var delay = RestartDelay()
    }

    private let plan: SupervisionPlan
    private var children: [String: Child] = [:]
    private var isStopping = false
    private var idle: CheckedContinuation<Void, Never>?

    init(plan: SupervisionPlan) {
        self.plan = plan
    }

    func start() {
        for process in plan.processes {
            children[process.name] = Child(process: nil, startedAt: .now)
            launch(process)
        }
        say("supervising \(plan.processes.count) processes")
    }

    /// Asks every process to end, and kills those that have not after the time.
    func stop(within limit: Duration) async {
        isStopping = true
        let running = children.values.compactMap(\.process).filter(\.isRunning)
        for process in running { process.terminate() }
        // Ends by itself after the limit; the processes that ended in time are not touched.
        let killer = Task {
            try await Task.sleep(for: limit)
            for process in running where process.isRunning { kill(process.processIdentifier, SIGKILL) }
        }
        if children.values.contains(where: { $0.process != nil }) {
            await withCheckedContinuation { idle = $0 }
        }
        killer.cancel()
        say("stopped")
    }

    private func launch(_ planned: SupervisionPlan.Process) {
        let process = Process()
        process.executableURL = URL(filePath: planned.executable)
        process.arguments = planned.arguments
        var environment = planned.environment
        // What a program needs to find its libraries and its temporary files comes from our own environment.
        for name in ["PATH", "HOME", "LANG", "TMPDIR", "LD_LIBRARY_PATH"] where environment[name] == nil {
            environment[name] = ProcessInfo.processInfo.environment[name]
        }
        process.environment = environment
        process.standardInput = FileHandle.nullDevice
        // Foundation calls this on a thread of its own; the actor's queue puts it in order.
        process.terminationHandler = { ended in
            let reason = ended.terminationReason == .exit ? "exit" : "signal"
            let status = ended.terminationStatus
            Task { await self.ended(planned, how: "\(reason) \(status)") }
        }
        do {
            let log = try Self.append(to: planned.log)
            process.standardOutput = log
            process.standardError = log
            try process.run()
            children[planned.name]?.process = process
            children[planned.name]?.startedAt = .now
            say("started \(planned.name) as \(process.processIdentifier)")
        } catch {
            say("could not start \(planned.name): \(error)")
            restartLater(planned, how: "start failed")
        }
        writeState()
    }

    private func ended(_ planned: SupervisionPlan.Process, how: String) {
        children[planned.name]?.process = nil
        say("\(planned.name) ended: \(how)")
        if isStopping {
            writeState()
            if children.values.allSatisfy({ $0.process == nil }) {
                idle?.resume()
                idle = nil
            }
            return
        }
        restartLater(planned, how: how)
    }

    private func restartLater(_ planned: SupervisionPlan.Process, how: String) {
        guard var child = children[planned.name] else { return }
        let delay = child.delay.next(afterRunning: .now - child.startedAt)
        child.restarts += 1
        children[planned.name] = child
        // Lives no longer than the delay and does nothing once the supervisor stops.
        Task {
            try await Task.sleep(for: delay)
            self.restart(planned)
        }
    }

    private func restart(_ planned: SupervisionPlan.Process) {
        guard !isStopping else { return }
        launch(planned)
    }

    private func writeState() {
        let state = SupervisionState(
            processes: plan.processes.compactMap { planned in
                guard let child = children[planned.name], let process = child.process else { return nil }
                return .init(name: planned.name, pid: process.processIdentifier, restarts: child.restarts)
            })
        do {
            try state.write(plan.stateFile)
        } catch {
            say("the state file could not be written: \(error)")
        }
    }

    private static func append(to path: String) throws -> FileHandle {
        let descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw OperatorError("the log file \(path) cannot be opened") }
        return FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    }

    private func say(_ text: String) {
        FileHandle.standardOutput.write(Data("\(Date().formatted(.iso8601)) \(text)\n".utf8))
    }
}
