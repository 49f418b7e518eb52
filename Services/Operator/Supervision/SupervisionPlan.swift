import Foundation

/// What the supervisor keeps running: the file that `deploy/up` writes.
struct SupervisionPlan: Codable, Sendable {
    struct Process: Codable, Sendable {
        var name: String
        var executable: String
        var arguments: [String]
        var environment: [String: String]
        /// The file that the process's output is appended to.
        var log: String
    }

    var processes: [Process]
    /// Where the supervisor writes its own process id.
    var pidFile: String
    /// Where it keeps who runs now: ``SupervisionState``.
    var stateFile: String

    enum CodingKeys: String, CodingKey {
        case processes
        case pidFile = "pid_file"
        case stateFile = "state_file"
    }

    static func read(_ path: String) throws -> SupervisionPlan {
        try JSONDecoder().decode(SupervisionPlan.self, from: Data(contentsOf: URL(filePath: path)))
    }
}

/// Who runs now, for `deploy/down` after a killed supervisor and for tests that kill a service.
struct SupervisionState: Codable, Sendable {
    struct Process: Codable, Sendable {
        var name: String
        var pid: Int32
        var restarts: Int
    }

    var processes: [Process]

    func write(_ path: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        try encoder.encode(self).write(to: URL(filePath: path), options: .atomic)
    }
}

/// How long a process that ended rests before it is started again: 0.2 s, doubling up to 5 s, and from the beginning after it
/// has run for half a minute.
struct RestartDelay: Sendable, Equatable {
    private(set) var failures = 0

    mutating func next(afterRunning ran: Duration) -> Duration {
        if ran >= .seconds(30) { failures = 0 }
        defer { failures += 1 }
        return min(.milliseconds(200 * (1 << min(failures, 10))), .seconds(5))
    }
}
