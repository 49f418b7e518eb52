import Synchronization

/// Remembers values for a limited time and loads each of them once, however many ask at the same time. Beyond half of
/// their age, values are renewed in the background while they are still given out, so that nobody waits for a key in
/// steady use.
///
/// Never an authority: what is forgotten is loaded again.
final class TimedCache<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    /// A value, and whether its loading began with this very question.
    struct Found: Sendable {
        let value: Value
        let isFresh: Bool
    }

    private struct Entry {
        let value: Value
        /// When its loading began: the value is at most that old.
        let loadedAt: ContinuousClock.Instant
        /// Whether something has changed since then.
        var isOutdated: Bool
    }

    private struct Loading {
        let number: Int
        let task: Task<Value, any Error>
        var isOutdated = false
    }

    private enum Source {
        case remembered(Value)
        case joined(Task<Value, any Error>)
        case started(Task<Value, any Error>)
    }

    private struct State {
        var entries: [Key: Entry] = [:]
        var loadings: [Key: Loading] = [:]
        /// Until when values are outdated as soon as they have been loaded.
        var doubts: [Key: ContinuousClock.Instant] = [:]
        var nextNumber = 0
    }

    typealias Load = @Sendable () async throws -> Value

    private let maximumAge: Duration
    private let outdatedAge: Duration
    private let isServedWhileRenewed: Bool
    private let capacity: Int
    private let now: @Sendable () -> ContinuousClock.Instant
    private let state = Mutex(State())

    /// - Parameters:
    ///   - maximumAge: how long a value is believed.
    ///   - outdatedAge: how long one is believed that is known to be ``outdate(_:)``d.
    ///   - isServedWhileRenewed: whether an outdated value is given out, up to the maximum age, while a newer one is on its
    ///     way: then nobody waits for it but whoever asked first.
    ///   - capacity: how many values are remembered; the oldest go first.
    ///   - now: the clock's reading.
    init(
        maximumAge: Duration, outdatedAge: Duration = .zero, isServedWhileRenewed: Bool = false, capacity: Int,
        now: @escaping @Sendable () -> ContinuousClock.Instant = { ContinuousClock.now }
    ) {
        self.maximumAge = maximumAge
        self.outdatedAge = outdatedAge
        self.isServedWhileRenewed = isServedWhileRenewed
        self.capacity = capacity
        self.now = now
    }

    /// The value, remembered or loaded.
    func value(for key: Key, load: @escaping Load) async throws -> Value {
        try await find(key, load: load).value
    }

    /// The value, and whether it had to be loaded.
    func find(_ key: Key, load: @escaping Load) async throws -> Found {
        let now = now()
        let source: Source = state.withLock { state in
            if let entry = state.entries[key] {
                let age = now - entry.loadedAt
                let limit = entry.isOutdated ? outdatedAge : maximumAge
                if age <= limit {
                    if age > limit / 2, state.loadings[key] == nil { start(key, load, now, &state) }
                    return .remembered(entry.value)
                }
                if age <= patience(with: entry), state.loadings[key] != nil { return .remembered(entry.value) }
            }
            if let loading = state.loadings[key] { return .joined(loading.task) }
            return .started(start(key, load, now, &state))
        }
        switch source {
        case .remembered(let value): return Found(value: value, isFresh: false)
        case .joined(let task): return Found(value: try await task.value, isFresh: false)
        case .started(let task): return Found(value: try await task.value, isFresh: true)
        }
    }

    /// The value, if it is remembered and need not be renewed by this very question.
    func peek(_ key: Key) -> Value? {
        let now = now()
        return state.withLock { state in
            guard let entry = state.entries[key] else { return nil }
            let age = now - entry.loadedAt
            let limit = entry.isOutdated ? outdatedAge : maximumAge
            guard age <= limit / 2 || age <= patience(with: entry) && state.loadings[key] != nil else { return nil }
            return entry.value
        }
    }

    /// How long a value is given out while it is being renewed.
    private func patience(with entry: Entry) -> Duration {
        entry.isOutdated && !isServedWhileRenewed ? outdatedAge : maximumAge
    }

    /// Forgets values that are no longer true. What is being loaded meanwhile is given to those who wait for it and not
    /// remembered, because it may have been read before the change.
    func forget(where isStale: (Key, Value) -> Bool) {
        state.withLock { state in
            for (key, entry) in state.entries where isStale(key, entry.value) { state.entries[key] = nil }
            state.loadings.removeAll()
        }
    }

    /// Notes that a value may no longer be true. It is still given out up to the age that the cache has for such values:
    /// what changes all the time is not loaded for every question, and what changes now and then is loaded for the next.
    /// - Parameters:
    ///   - duration: how long a change may still be under way, so that what is loaded meanwhile is outdated, too.
    ///   - isOutdated: whether a remembered value is meant.
    func outdate(_ key: Key, for duration: Duration = .zero, where isOutdated: (Value) -> Bool = { _ in true }) {
        let now = now()
        state.withLock { state in
            if let entry = state.entries[key], !isOutdated(entry.value) { return }
            state.entries[key]?.isOutdated = true
            state.loadings[key]?.isOutdated = true
            guard duration > .zero else { return }
            if state.doubts.count >= capacity { state.doubts = state.doubts.filter { $0.value > now } }
            state.doubts[key] = now + duration
        }
    }

    @discardableResult
    private func start(
        _ key: Key, _ load: @escaping Load, _ now: ContinuousClock.Instant, _ state: inout State
    ) -> Task<Value, any Error> {
        state.nextNumber += 1
        let number = state.nextNumber
        // Unstructured because several callers wait for it, and any of them may be cancelled; it ends with the load.
        let task = Task {
            do {
                let value = try await load()
                self.finish(key, number, Entry(value: value, loadedAt: now, isOutdated: false))
                return value
            } catch {
                self.finish(key, number, nil)
                throw error
            }
        }
        state.loadings[key] = Loading(number: number, task: task)
        return task
    }

    private func finish(_ key: Key, _ number: Int, _ entry: Entry?) {
        state.withLock { state in
            guard let loading = state.loadings[key], loading.number == number else { return }
            state.loadings[key] = nil
            guard var entry else { return }
            entry.isOutdated = loading.isOutdated || isDoubted(key, &state)
            if state.entries.count >= capacity { evict(&state) }
            state.entries[key] = entry
        }
    }

    private func isDoubted(_ key: Key, _ state: inout State) -> Bool {
        guard let end = state.doubts[key] else { return false }
        if end > now() { return true }
        state.doubts[key] = nil
        return false
    }

    /// Drops the older half, so that evicting is rare.
    private func evict(_ state: inout State) {
        let byAge = state.entries.sorted { $0.value.loadedAt < $1.value.loadedAt }
        for (key, _) in byAge.prefix((byAge.count + 1) / 2) { state.entries[key] = nil }
    }
}
