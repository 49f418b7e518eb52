import Synchronization

/// Looks after all requests that wait: asks for what they may not have heard, and ends those whose time is up. One clock
/// for all of them, because most waits are over long before either is due.
final class WaitingRounds: Sendable {
    private static let interval = Duration.milliseconds(50)

    private struct Wait {
        let end: ContinuousClock.Instant
        let pollInterval: Duration
        var pollAt: ContinuousClock.Instant
        var polls = 0
        let poll: @Sendable (Int) async -> Void
        let ended: @Sendable () -> Void
    }

    private struct State {
        var waits: [Int: Wait] = [:]
        var lastNumber = 0
        var isGoing = false
    }

    private let state = Mutex(State())

    /// Begins to look after a wait.
    /// - Parameters:
    ///   - poll: called now and then, beside the others', with how many times it has been called.
    ///   - ended: called once its time is up.
    /// - Returns: the number to ``leave(_:)`` with.
    func join(
        until end: ContinuousClock.Instant, every pollInterval: Duration, poll: @escaping @Sendable (Int) async -> Void,
        ended: @escaping @Sendable () -> Void
    ) -> Int {
        let (number, begins) = state.withLock { state in
            state.lastNumber += 1
            state.waits[state.lastNumber] = Wait(
                end: end, pollInterval: pollInterval, pollAt: .now + pollInterval, poll: poll, ended: ended)
            defer { state.isGoing = true }
            return (state.lastNumber, !state.isGoing)
        }
        // Unstructured because it serves many requests; it ends when nothing waits any more.
        if begins { Task { await go() } }
        return number
    }

    func leave(_ number: Int) {
        state.withLock { $0.waits[number] = nil }
    }

    private func go() async {
        while true {
            // Nobody cancels this task.
            try? await Task.sleep(for: Self.interval)
            guard round(at: .now) else { return }
        }
    }

    /// - Returns: whether anything still waits.
    private func round(at now: ContinuousClock.Instant) -> Bool {
        var ended: [@Sendable () -> Void] = []
        var polls: [@Sendable () async -> Void] = []
        let goesOn = state.withLock { state in
            for (number, wait) in state.waits {
                if wait.end <= now {
                    ended.append(wait.ended)
                    state.waits[number] = nil
                } else if wait.pollAt <= now {
                    let count = wait.polls + 1
                    state.waits[number]?.pollAt = now + wait.pollInterval
                    state.waits[number]?.polls = count
                    polls.append { await wait.poll(count) }
                }
            }
            state.isGoing = !state.waits.isEmpty
            return state.isGoing
        }
        for end in ended { end() }
        // Unstructured because each ends by itself, with the answer or without it.
        for poll in polls { Task { await poll() } }
        return goesOn
    }
}
