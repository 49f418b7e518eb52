import Synchronization

/// Committed messages that wait in memory for their turn to be published.
final class OutboxSubmissions: Sendable {
    /// Bundles, and messages without a row, beyond this stay in the table only, for the relay.
    static let limit = 2000

    private let waiting = Mutex(EffectStaging.Staged())
    private let arrivals: AsyncStream<Void>
    private let arrival: AsyncStream<Void>.Continuation

    init() {
        (arrivals, arrival) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    func add(_ new: EffectStaging.Staged) {
        waiting.withLock { waiting in
            if waiting.bundles.count + new.bundles.count <= Self.limit { waiting.bundles += new.bundles }
            if waiting.transient.count + new.transient.count <= Self.limit { waiting.transient += new.transient }
        }
        arrival.yield()
    }

    /// What waits; nil when nothing does.
    func take() -> EffectStaging.Staged? {
        waiting.withLock { waiting in
            defer { waiting = EffectStaging.Staged() }
            return waiting.bundles.isEmpty && waiting.transient.isEmpty ? nil : waiting
        }
    }

    /// Waits until something was added or ``wake()`` called.
    /// - Returns: false when the task is cancelled.
    func arrive() async -> Bool {
        var iterator = arrivals.makeAsyncIterator()
        return await iterator.next() != nil
    }

    func wake() {
        arrival.yield()
    }
}
