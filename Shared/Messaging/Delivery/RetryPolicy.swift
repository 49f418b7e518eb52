/// How long a message rests after each failure, and when it has failed often enough.
///
/// The rests are queues whose messages expire back into their lane; longer ones than a minute do not belong in a broker
/// (design, section 4).
public struct RetryPolicy: Sendable, Equatable {
    /// The rest after the first failure, the second, and so on; the last one repeats.
    public var delays: [Duration]
    /// After this many failures the message goes to the dead-letter queue.
    public var maximumFailures: Int

    public init(delays: [Duration], maximumFailures: Int) {
        precondition(!delays.isEmpty, "a retry policy needs at least one delay")
        self.delays = delays
        self.maximumFailures = maximumFailures
    }

    /// 1 s, 5 s, 20 s, then each minute; a message is given up after 12 failures, about 9 minutes.
    public static let standard = RetryPolicy(
        delays: [.seconds(1), .seconds(5), .seconds(20), .seconds(60)], maximumFailures: 12)

    /// The rest after this many failures; nil when there have been enough.
    public func delay(afterFailures failures: Int) -> Duration? {
        guard failures < maximumFailures else { return nil }
        return delays[min(max(failures, 1), delays.count) - 1]
    }
}
