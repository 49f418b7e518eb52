/// How long something takes, in units of something else that was measured in the same run: such a number says the same
/// on every machine.
struct Ratio {
    /// What is measured.
    let name: String
    /// What it is measured by.
    let unit: String
    /// More would mean that somebody has made it slower.
    let limit: Double
    let value: Double
    /// How long once takes, in microseconds, of this machine.
    let microseconds: Double

    var isWithin: Bool { value <= limit }

    private static let rounds = 15
    private static let roundTime = Duration.milliseconds(40)

    /// Measures both in turns, so that what slows the machine down slows down both, and takes the median.
    init(
        _ name: String, by unit: String, limit: Double, _ part: () throws -> Void, _ whole: () throws -> Void
    ) rethrows {
        let partCount = try Self.calibrate(part)
        let wholeCount = try Self.calibrate(whole)
        var pairs: [(ratio: Double, part: Double)] = []
        for _ in 0..<Self.rounds {
            let part = try Self.time(partCount, part)
            pairs.append((part / (try Self.time(wholeCount, whole)), part))
        }
        pairs.sort { $0.ratio < $1.ratio }
        (self.name, self.unit, self.limit) = (name, unit, limit)
        value = pairs[pairs.count / 2].ratio
        microseconds = pairs[pairs.count / 2].part
    }

    /// For what takes its time by itself: each given as microseconds.
    init(_ name: String, by unit: String, limit: Double, pairs: [(part: Double, whole: Double)]) {
        let sorted = pairs.sorted { $0.part / $0.whole < $1.part / $1.whole }
        let median = sorted[sorted.count / 2]
        (self.name, self.unit, self.limit) = (name, unit, limit)
        value = median.part / median.whole
        microseconds = median.part
    }

    /// How often fits into a round.
    private static func calibrate(_ work: () throws -> Void) rethrows -> Int {
        _ = try time(3, work)
        let once = try time(20, work)
        return max(1, Int(roundTime / .microseconds(1) / max(once, 0.01)))
    }

    /// - Returns: microseconds each.
    private static func time(_ count: Int, _ work: () throws -> Void) rethrows -> Double {
        let begin = ContinuousClock.now
        for _ in 0..<count { try work() }
        return (ContinuousClock.now - begin) / .microseconds(1) / Double(count)
    }
}
