/// How long a process that ended rests before it is started again: 0.2 s, doubling up to 5 s, and from the beginning
/// after it has run for half a minute.
struct RestartDelay: Sendable, Equatable {
    private var failures = 0

    mutating func next(afterRunning ran: Duration) -> Duration {
        if ran >= .seconds(30) { failures = 0 }
        defer { failures += 1 }
        return min(.milliseconds(200 * (1 << min(failures, 10))), .seconds(5))
    }
}
