import Foundation
import Synchronization
import TestSupport

@testable import Operator

/// A supervisor of small shell scripts, with files of its own and a clock that stands still.
final class SupervisionScene: Sendable {
    let supervisor: Supervisor
    let clock: ManualClock
    private let folder: URL
    private let stateFile: String
    private let told: Told

    /// What the supervisor has told, to be read by time and by order.
    private final class Told: Sendable {
        let all = Mutex<[SupervisorEvent]>([])
        let stream: AsyncStream<SupervisorEvent>
        private let continuation: AsyncStream<SupervisorEvent>.Continuation

        init() {
            (stream, continuation) = AsyncStream.makeStream(of: SupervisorEvent.self)
        }

        func add(_ event: SupervisorEvent) {
            all.withLock { $0.append(event) }
            continuation.yield(event)
        }
    }

    struct Missing: Error, CustomStringConvertible {
        let description: String
    }

    /// Lends a scene. Whatever happens, its processes end.
    ///
    /// - Parameters:
    ///   - scripts: names and shell scripts.
    ///   - programs: names and other executables with their arguments.
    ///   - nice: how far all of them stand back.
    static func with(
        _ scripts: [(name: String, script: String)], programs: [(name: String, command: [String])] = [],
        nice: Int? = nil, _ body: (SupervisionScene) async throws -> Void
    ) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "supervisor-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }  // A leftover in the temporary folder harms nobody.
        func process(_ name: String, _ command: [String]) -> SupervisionPlan.Process {
            SupervisionPlan.Process(
                name: name, executable: command[0], arguments: Array(command.dropFirst()),
                environment: ["GREETING": "hello"],
                log: folder.appending(path: "\(name).log").path, readyURL: nil, nice: nice)
        }
        let plan = SupervisionPlan(
            processes: scripts.map { process($0.name, ["/bin/sh", "-c", $0.script]) }
                + programs.map { process($0.name, $0.command) },
            pidFile: folder.appending(path: "pid").path, stateFile: folder.appending(path: "state.json").path)
        let scene = SupervisionScene(plan: plan, folder: folder)
        do {
            try await body(scene)
        } catch {
            await scene.supervisor.stop(within: .zero)
            throw error
        }
        await scene.supervisor.stop(within: .zero)
    }

    private init(plan: SupervisionPlan, folder: URL) {
        let clock = ManualClock()
        let told = Told()
        self.clock = clock
        self.told = told
        self.folder = folder
        stateFile = plan.stateFile
        supervisor = Supervisor(
            plan: plan,
            timing: SupervisorTiming(elapsed: { clock.elapsed }, sleep: { try await clock.sleep(for: $0) }),
            report: { told.add($0) })
    }

    /// Everything told so far.
    var events: [SupervisorEvent] { told.all.withLock { $0 } }

    /// Waits for the next event that fits, from where the last wait ended.
    @discardableResult
    func event(_ fits: (SupervisorEvent) -> Bool) async throws -> SupervisorEvent {
        for await event in told.stream where fits(event) { return event }
        throw Missing(description: "none of \(events)")
    }

    /// Waits until the process is started, and returns its id.
    func startedID(_ name: String) async throws -> Int32 {
        let event = try await event { if case .started(name, _) = $0 { true } else { false } }
        guard case .started(_, let id) = event else { throw Missing(description: "\(event)") }
        return id
    }

    func state() throws -> SupervisionState { try SupervisionState.read(stateFile) }

    func logPath(of name: String) -> String { folder.appending(path: "\(name).log").path }

    func log(of name: String) throws -> String { try String(contentsOfFile: logPath(of: name), encoding: .utf8) }

    /// Waits until all of these logs hold what is looked for.
    func logs(of names: [String], hold condition: (String) -> Bool) async throws {
        let hold = try await eventually {
            try names.allSatisfy { name in
                try FileManager.default.fileExists(atPath: logPath(of: name)) && condition(log(of: name))
            }
        }
        guard hold else { throw Missing(description: "\(try names.map { try log(of: $0) })") }
    }
}

/// Waits until a condition holds, looking again and again; false when it does not come to hold in time.
func eventually(within limit: Duration = .seconds(30), _ condition: () throws -> Bool) async throws -> Bool {
    let deadline = ContinuousClock.now + limit
    while ContinuousClock.now < deadline {
        if try condition() { return true }
        try await ContinuousClock().sleep(until: .now + .milliseconds(10))
    }
    return try condition()
}
