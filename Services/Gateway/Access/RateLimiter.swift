import Synchronization

/// The buckets of all keys that were used lately, in this process's memory (design, section 10).
final class RateLimiter: Sendable {
    private static let capacity = 10_000

    private let buckets = Mutex<[String: TokenBucket]>([:])
    private let now: @Sendable () -> Duration

    /// - Parameter now: the reading of a monotonic clock.
    init(now: @escaping @Sendable () -> Duration) {
        self.now = now
    }

    convenience init() {
        let start = ContinuousClock.now
        self.init { ContinuousClock.now - start }
    }

    /// Counts one request of the caller.
    func take(_ caller: Caller) -> TokenBucket.Decision {
        let now = now()
        return buckets.withLock { buckets in
            if buckets[caller.limitedAs] == nil, buckets.count >= Self.capacity { forgetIdle(&buckets, now) }
            var bucket =
                buckets[caller.limitedAs] ?? TokenBucket(requestsPerSecond: caller.requestsPerSecond, at: now)
            let decision = bucket.take(at: now, requestsPerSecond: caller.requestsPerSecond)
            buckets[caller.limitedAs] = bucket
            return decision
        }
    }

    private func forgetIdle(_ buckets: inout [String: TokenBucket], _ now: Duration) {
        for (key, bucket) in buckets {
            var bucket = bucket
            if bucket.isFull(at: now) { buckets[key] = nil }
        }
    }
}
