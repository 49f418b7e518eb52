/// How fast batches of one kind may begin: ``burst`` at once, and one each ``interval`` on average.
///
/// A batch costs a transaction, however little is in it. Without a pace whoever is busy takes one or two pieces of work at a
/// time, because the next batch begins as soon as the last one is done, and the machine is full long before the batches are.
/// Whoever has little to do never waits.
public struct BatchPace: Sendable, Equatable {
    /// From one batch to the next in a rush, so about what each of the handful of hops of a journey may last longer then.
    public static let interval = Duration.milliseconds(20)
    /// More than a journey that is alone needs of any kind.
    public static let burst = 8

    /// When the allowance is whole again.
    private var wholeAt: Duration

    /// - Parameter now: a monotonic clock's reading, as everywhere in this type.
    public init(at now: Duration) {
        wholeAt = now
    }

    /// Counts a batch that is about to begin.
    /// - Returns: how long it has to wait.
    public mutating func begin(at now: Duration) -> Duration {
        let start = max(now, wholeAt - Self.interval * (Self.burst - 1))
        wholeAt = max(wholeAt, start) + Self.interval
        return start - now
    }
}
