import Glibc

/// Time that only moves forward.
enum MonotonicClock {
    static let second: UInt64 = 1_000_000_000

    /// Nanoseconds since some beginning.
    static var now: UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * second + UInt64(time.tv_nsec)
    }

    /// The time that so many seconds take, in nanoseconds.
    static func nanoseconds(_ seconds: Double) -> UInt64 { UInt64(seconds * Double(second)) }

    /// The seconds from one reading to a later one.
    static func seconds(from begin: UInt64, to end: UInt64) -> Double { Double(end - begin) / Double(second) }
}
