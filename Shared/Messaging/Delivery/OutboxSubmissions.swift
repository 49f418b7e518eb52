import Synchronization

/// Committed messages that wait in memory for their turn to be published.
final class OutboxSubmissions: Sendable {
    /// Messages beyond this stay in the table only, for the relay; those without a row are dropped.
    static let limit = 2000

    private struct Waiting {
        var staged = EffectStaging.Staged()
        /// Of the bundles.
        var messageCount = 0
    }

    private let waiting = Mutex(Waiting())
    private let arrival = WakeSignal()

    /// - Returns: how many messages are beyond the limit.
    func add(_ new: EffectStaging.Staged) -> Int {
        let newCount = new.bundles.reduce(0) { $0 + $1.messages.count }
        let leftOut = waiting.withLock { waiting in
            var leftOut = 0
            if waiting.messageCount + newCount <= Self.limit {
                waiting.staged.bundles += new.bundles
                waiting.messageCount += newCount
            } else {
                leftOut += newCount
            }
            if waiting.staged.transient.count + new.transient.count <= Self.limit {
                waiting.staged.transient += new.transient
            } else {
                leftOut += new.transient.count
            }
            return leftOut
        }
        arrival.wake()
        return leftOut
    }

    /// What waits; nil when nothing does.
    func take() -> EffectStaging.Staged? {
        let staged = waiting.withLock { waiting in
            defer { waiting = Waiting() }
            return waiting.staged
        }
        return staged.bundles.isEmpty && staged.transient.isEmpty ? nil : staged
    }

    /// Waits until something was added or ``wake()`` called.
    /// - Returns: false when the task is cancelled.
    func arrive() async -> Bool {
        await arrival.wait()
    }

    func wake() {
        arrival.wake()
    }
}
