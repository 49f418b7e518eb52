/// The rate limit of one key: so many requests a second on average, and as many at once.
struct TokenBucket: Sendable, Equatable {
    /// API, "Access": the limit of a key without a rule of its own.
    static let defaultRequestsPerSecond = 2000

    /// What became of one request.
    struct Decision: Sendable, Equatable {
        let isAllowed: Bool
        let limit: Int
        /// How many more requests would be allowed right now.
        let remaining: Int
        /// Whole seconds after which the bucket is full again.
        let resetSeconds: Int
    }

    private(set) var requestsPerSecond: Int
    private var tokens: Double
    private var filledAt: Duration

    /// A full bucket.
    /// - Parameter now: a monotonic clock's reading, as everywhere in this type.
    init(requestsPerSecond: Int, at now: Duration) {
        self.requestsPerSecond = requestsPerSecond
        self.tokens = Double(requestsPerSecond)
        self.filledAt = now
    }

    /// Counts one request.
    /// - Parameter requestsPerSecond: the limit as it is now; a changed rule takes effect at once.
    mutating func take(at now: Duration, requestsPerSecond: Int) -> Decision {
        self.requestsPerSecond = requestsPerSecond
        refill(at: now)
        let isAllowed = tokens >= 1
        if isAllowed { tokens -= 1 }
        let missing = Double(requestsPerSecond) - tokens
        return Decision(
            isAllowed: isAllowed, limit: requestsPerSecond, remaining: Int(tokens),
            resetSeconds: Int((missing / Double(requestsPerSecond)).rounded(.up)))
    }

    /// Whether the bucket says nothing that a new one would not say.
    mutating func isFull(at now: Duration) -> Bool {
        refill(at: now)
        return tokens >= Double(requestsPerSecond)
    }

    private mutating func refill(at now: Duration) {
        let elapsed = max(.zero, now - filledAt)
        let seconds = Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) / 1e18
        tokens = min(Double(requestsPerSecond), tokens + seconds * Double(requestsPerSecond))
        filledAt = now
    }
}
