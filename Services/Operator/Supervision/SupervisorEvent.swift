/// What the supervisor tells of its work, a line each.
enum SupervisorEvent: Sendable, Equatable, CustomStringConvertible {
    case started(name: String, pid: Int32)
    case notStarted(name: String, reason: String)
    case ended(name: String, how: ProcessEnd)
    case resting(name: String, Duration)
    case killed(name: String)
    case stateNotWritten(reason: String)
    case stopped

    var description: String {
        switch self {
        case .started(let name, let pid): "started \(name) as \(pid)"
        case .notStarted(let name, let reason): "could not start \(name): \(reason)"
        case .ended(let name, let how): "\(name) ended: \(how)"
        case .resting(let name, let delay): "\(name) starts again in \(delay)"
        case .killed(let name): "\(name) did not end in time and is killed"
        case .stateNotWritten(let reason): "the state file could not be written: \(reason)"
        case .stopped: "stopped"
        }
    }
}
