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
        /// Where it says whether it is ready to serve; nil where it says nothing.
        var readyURL: String?
        /// How far it stands back when others want the processor: nice(2), from 0 to 19; nil for not at all.
        var nice: Int?

        enum CodingKeys: String, CodingKey {
            case name, executable, arguments, environment, log, nice
            case readyURL = "ready_url"
        }
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
