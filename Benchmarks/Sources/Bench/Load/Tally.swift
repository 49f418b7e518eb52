import Histogram

/// What became of the requests of a load.
struct Tally {
    /// One kind of outcome.
    struct Line {
        var count = 0
        var latencies = Latencies()
    }

    /// How long those who ask took in all, from the intended start of their first try until the answer for good, by it.
    private(set) var ends: [String: Line] = [:]
    /// How often they tried.
    private(set) var tries = 0
    private(set) var mostTries = 0

    private(set) var lines: [String: Line] = [:]
    /// Requests that did what the load is measured by.
    private(set) var counted = 0
    private(set) var tickets = 0
    /// What should not have happened, with an example of each.
    private(set) var unexpected: [String: (count: Int, example: String)] = [:]

    mutating func add(_ outcome: Outcome, microseconds: UInt64) {
        lines[outcome.name, default: Line()].count += 1
        lines[outcome.name]?.latencies.add(microseconds: microseconds)
        if outcome.counts {
            counted += 1
            tickets += outcome.tickets
        }
    }

    /// Adds the end of all tries of one request.
    mutating func addEnd(_ name: String, microseconds: UInt64, tries: Int) {
        ends[name, default: Line()].count += 1
        ends[name]?.latencies.add(microseconds: microseconds)
        self.tries += tries
        mostTries = max(mostTries, tries)
    }

    mutating func addUnexpected(_ name: String, example: @autoclosure () -> String) {
        unexpected[name, default: (0, example())].count += 1
    }

    /// The latencies of the outcomes that have one of the names.
    func latencies(_ names: Set<String>) -> Latencies {
        Self.latencies(names, in: lines)
    }

    /// How long those took in all whose outcome for good has one of the names.
    func latenciesInAll(_ names: Set<String>) -> Latencies {
        Self.latencies(names, in: ends)
    }

    private static func latencies(_ names: Set<String>, in lines: [String: Line]) -> Latencies {
        lines.filter { names.contains($0.key) }.values.reduce(into: Latencies()) { $0.add($1.latencies) }
    }

    func count(_ name: String) -> Int { lines[name]?.count ?? 0 }
}

/// How long answers took, from the intended start of the request, to three digits.
struct Latencies {
    /// Microseconds.
    private var histogram = Histogram<UInt64>(numberOfSignificantValueDigits: .three)

    var count: Int { Int(histogram.totalCount) }
    /// The longest, in milliseconds.
    var maximum: Double { Double(histogram.max) / 1000 }

    mutating func add(microseconds: UInt64) { histogram.record(microseconds) }

    mutating func add(_ other: Latencies) { histogram.add(other.histogram) }

    /// A percentile in milliseconds.
    func milliseconds(_ percentile: Double) -> Double { Double(histogram.valueAtPercentile(percentile)) / 1000 }
}
