import Dispatch
import Foundation
import Synchronization

/// Where log lines go. A system call for each line would cost a busy service more than the line itself, so lines gather
/// for a moment and go out together; an urgent one goes out at once, after all that came before it.
final class LogOutput: Sendable {
    static let standardError = LogOutput(.standardError)

    /// A process that is killed takes the lines of so long with it.
    private static let delay = DispatchTimeInterval.milliseconds(20)
    private static let capacity = 65_536

    private struct State {
        var lines: [UInt8] = []
        var isFlushPlanned = false
    }

    private let file: FileHandle
    private let state = Mutex(State())
    private let queue = DispatchQueue(label: "log-output")

    init(_ file: FileHandle) {
        self.file = file
    }

    /// Takes a line, with its line break.
    func write(_ line: String, isUrgent: Bool) {
        state.withLock { state in
            state.lines.append(contentsOf: line.utf8)
            if isUrgent || state.lines.count >= Self.capacity {
                flush(&state)
            } else if !state.isFlushPlanned {
                state.isFlushPlanned = true
                queue.asyncAfter(deadline: .now() + Self.delay) { self.flush() }
            }
        }
    }

    /// Writes what has gathered: at the latest before the process ends.
    func flush() {
        state.withLock { state in
            state.isFlushPlanned = false
            flush(&state)
        }
    }

    /// Under the lock, so that lines stay in their order.
    private func flush(_ state: inout State) {
        guard !state.lines.isEmpty else { return }
        do {
            try file.write(contentsOf: Data(state.lines))
        } catch {
            // A full disk or a reader that has gone: there is nowhere left to say so, and the service goes on.
        }
        state.lines.removeAll(keepingCapacity: state.lines.count <= 2 * Self.capacity)
    }
}
