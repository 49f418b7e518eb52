import Postgres
import Synchronization

@testable import Postgres

/// Lets commits of the running step fail, and notes which databases have changed.
final class CommitFaults: CommitObserver {
    /// What happens at a commit.
    enum Fault: Sendable, CaseIterable {
        /// The process dies before COMMIT is sent.
        case deathBefore
        /// The process dies once the server has committed, before it can publish or acknowledge anything.
        case deathAfter
        /// The connection ends before COMMIT; nothing is kept, and that is known.
        case lostBefore
        /// The connection ends at COMMIT; nothing is kept, and nobody knows.
        case unknownAndLost
        /// The connection ends at COMMIT; the work is kept, and nobody knows.
        case unknownAndKept

        var isDeath: Bool { self == .deathBefore || self == .deathAfter }
    }

    private struct State {
        var armed: Fault?
        /// How many commits pass first.
        var passing = 0
        var fired: Fault?
        var changed: Set<String> = []
    }

    private let state = Mutex(State())

    /// Lets one commit of the coming step fail.
    func arm(_ fault: Fault?, passing: Int) {
        state.withLock { state in
            state.armed = fault
            state.passing = passing
            state.fired = nil
        }
    }

    /// Ends the step.
    /// - Returns: the fault that has happened in it, if any.
    func disarm() -> Fault? {
        state.withLock { state in
            defer {
                state.armed = nil
                state.fired = nil
            }
            return state.fired
        }
    }

    /// Whether the process of the running step is dead: it can do nothing more.
    var isDead: Bool { state.withLock { $0.fired?.isDeath ?? false } }

    /// The databases in which something was committed since the last call.
    func takeChanged() -> [String] {
        state.withLock { state in
            defer { state.changed = [] }
            return state.changed.sorted()
        }
    }

    func willCommit(_ database: String) throws {
        let fault: Fault? = state.withLock { state in
            if state.fired?.isDeath == true { return .deathBefore }
            guard let armed = state.armed, armed != .deathAfter, armed != .unknownAndKept else { return nil }
            return fire(armed, &state)
        }
        switch fault {
        case nil: return
        case .unknownAndLost: throw PostgresError(.commitOutcomeUnknown, "the connection ended at COMMIT")
        default: throw PostgresError(.connectionLost, "the connection ended before COMMIT")
        }
    }

    func didCommit(_ database: String) throws {
        let fault: Fault? = state.withLock { state in
            state.changed.insert(database)
            guard let armed = state.armed, armed == .deathAfter || armed == .unknownAndKept else { return nil }
            return fire(armed, &state)
        }
        if fault != nil { throw PostgresError(.commitOutcomeUnknown, "the connection ended at COMMIT") }
    }

    private func fire(_ armed: Fault, _ state: inout State) -> Fault? {
        guard state.passing == 0 else {
            state.passing -= 1
            return nil
        }
        state.armed = nil
        state.fired = armed
        return armed
    }
}
