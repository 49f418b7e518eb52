/// How fast batches of one kind may begin: a few at once, and one each interval on average.
///
/// A batch costs a transaction, however little is in it. Without a pace whoever is busy takes one or two pieces of work at a
/// time, because the next batch begins as soon as the last one is done, and the machine is full long before the batches are.
/// Whoever has little to do never waits.
public struct BatchPace: Sendable, Equatable {
    /// From one batch to the next in a rush, so about what each of the handful of hops of a journey may last longer then.
    public static let standardInterval = Duration.milliseconds(20)
    /// More than a journey that is alone needs of any kind.
    public static let standardBurst = 8

    private let interval: Duration
    private let burst: Int
    /// When the allowance is whole again.
    private var wholeAt: Duration

    /// - Parameters:
    ///   - interval: from one batch to the next when they follow each other without end.
    ///   - burst: how many may begin at once after a rest; at least one.
    ///   - now: a monotonic clock's reading, as everywhere in this type.
    public init(interval: Duration = standardInterval, burst: Int = standardBurst, at now: Duration) {
        self.interval = interval
        self.burst = max(1, burst)
        wholeAt = now
    }

    /// Counts a batch that is about to begin.
    /// - Returns: how long it has to wait.
    public mutating func begin(at now: Duration) -> Duration {
        let start = max(now, wholeAt - interval * (burst - 1))
        wholeAt = max(wholeAt, start) + interval
        return start - now
    }

    /// Takes back the last batch that was counted: it begins without the pace's leave, because it could not wait.
    public mutating func giveBack() {
        wholeAt -= interval
    }

    /// Whether nothing is left of the batches that have begun: a new pace would say the same.
    public func isWhole(at now: Duration) -> Bool {
        wholeAt <= now
    }
}
