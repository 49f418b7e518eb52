/// How a process ended.
enum ProcessEnd: Sendable, Equatable, CustomStringConvertible {
    case exit(Int32)
    case signal(Int32)

    /// Reads what `waitpid` reports (POSIX, sys/wait.h; the macros are out of Swift's reach).
    init(waitStatus status: Int32) {
        let signal = status & 0x7F
        self = signal == 0 ? .exit((status >> 8) & 0xFF) : .signal(signal)
    }

    var description: String {
        switch self {
        case .exit(let status): "exit \(status)"
        case .signal(let number): "signal \(number)"
        }
    }
}
