import CoreMetrics
import Foundation
import Synchronization

/// Keeps every metric of the process and writes them in Prometheus' text exposition format, version 0.0.4.
///
/// Timers and aggregating recorders become histograms with fixed buckets, so that several processes can be added up.
public final class PrometheusRegistry: MetricsFactory, Sendable {
    struct Key: Hashable, Sendable {
        let label: String
        let dimensions: [String]

        init(_ label: String, _ dimensions: [(String, String)]) {
            self.label = PrometheusText.name(label)
            self.dimensions = dimensions.map { PrometheusText.dimension($0.0, $0.1) }
        }
    }

    /// A label and its dimensions as the code spells them.
    private struct Spelling: Hashable {
        let label: String
        /// Names and values in turn.
        let dimensions: [String]
    }

    private struct State {
        /// What spellings come to: to apply the format's rules each time would cost more than to count does.
        var keys: [Spelling: Key] = [:]
        var counters: [Key: NumberMetric] = [:]
        var gauges: [Key: NumberMetric] = [:]
        var histograms: [Key: HistogramMetric] = [:]
    }

    private let state = Mutex(State())

    public init() {}

    public func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        number(\.counters, label, dimensions)
    }

    public func makeFloatingPointCounter(
        label: String, dimensions: [(String, String)]
    ) -> any FloatingPointCounterHandler {
        number(\.counters, label, dimensions)
    }

    public func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        number(\.gauges, label, dimensions)
    }

    public func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
        if aggregate {
            histogram(label, dimensions, HistogramMetric.countBuckets)
        } else {
            number(\.gauges, label, dimensions)
        }
    }

    public func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        histogram(label, dimensions, HistogramMetric.secondsBuckets)
    }

    // Metrics live as long as the process: their number is bounded by the code's labels.
    public func destroyCounter(_ handler: any CounterHandler) {}
    public func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) {}
    public func destroyMeter(_ handler: any MeterHandler) {}
    public func destroyRecorder(_ handler: any RecorderHandler) {}
    public func destroyTimer(_ handler: any TimerHandler) {}

    /// All metrics as text.
    public func exposition() -> String {
        let snapshot = state.withLock { $0 }
        var text = ""
        for (kind, metrics) in [("counter", snapshot.counters), ("gauge", snapshot.gauges)] {
            for (label, group) in Dictionary(grouping: metrics, by: \.key.label).sorted(by: { $0.key < $1.key }) {
                text += "# TYPE \(label) \(kind)\n"
                for (key, metric) in group.sorted(by: { $0.key.dimensions.lexicographicallyPrecedes($1.key.dimensions) }
                ) {
                    text += PrometheusText.sample(label, key.dimensions, metric.value)
                }
            }
        }
        for (label, group) in Dictionary(grouping: snapshot.histograms, by: \.key.label).sorted(by: { $0.key < $1.key })
        {
            text += "# TYPE \(label) histogram\n"
            for (key, metric) in group.sorted(by: { $0.key.dimensions.lexicographicallyPrecedes($1.key.dimensions) }) {
                text += metric.exposition(label, key.dimensions)
            }
        }
        return text
    }

    private static func key(_ label: String, _ dimensions: [(String, String)], _ state: inout State) -> Key {
        let spelling = Spelling(label: label, dimensions: dimensions.flatMap { [$0.0, $0.1] })
        if let key = state.keys[spelling] { return key }
        let key = Key(label, dimensions)
        state.keys[spelling] = key
        return key
    }

    private func number(
        _ group: any WritableKeyPath<State, [Key: NumberMetric]> & Sendable, _ label: String,
        _ dimensions: [(String, String)]
    ) -> NumberMetric {
        state.withLock { state in
            let key = Self.key(label, dimensions, &state)
            if let metric = state[keyPath: group][key] { return metric }
            let metric = NumberMetric()
            state[keyPath: group][key] = metric
            return metric
        }
    }

    private func histogram(
        _ label: String, _ dimensions: [(String, String)], _ buckets: [Double]
    ) -> HistogramMetric {
        state.withLock { state in
            let key = Self.key(label, dimensions, &state)
            if let metric = state.histograms[key] { return metric }
            let metric = HistogramMetric(buckets: buckets)
            state.histograms[key] = metric
            return metric
        }
    }
}

/// A counter or a gauge.
final class NumberMetric: CounterHandler, FloatingPointCounterHandler, MeterHandler, RecorderHandler, Sendable {
    private let number = Mutex(0.0)

    var value: Double { number.withLock { $0 } }

    func increment(by amount: Int64) { number.withLock { $0 += Double(amount) } }
    func increment(by amount: Double) { number.withLock { $0 += amount } }
    func decrement(by amount: Double) { number.withLock { $0 -= amount } }
    func set(_ value: Int64) { number.withLock { $0 = Double(value) } }
    func set(_ value: Double) { number.withLock { $0 = value } }
    func record(_ value: Int64) { set(value) }
    func record(_ value: Double) { set(value) }
    func reset() { set(0.0) }
}

/// Counts of values by bucket.
final class HistogramMetric: RecorderHandler, TimerHandler, Sendable {
    static let secondsBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60]
    static let countBuckets = [1.0, 2, 5, 10, 20, 50, 100, 200, 500, 1000]

    private struct State {
        var counts: [Int]
        var sum = 0.0
        var count = 0
    }

    private let buckets: [Double]
    private let state: Mutex<State>

    init(buckets: [Double]) {
        self.buckets = buckets
        self.state = Mutex(State(counts: Array(repeating: 0, count: buckets.count)))
    }

    func record(_ value: Int64) { record(Double(value)) }

    func record(_ value: Double) {
        let bucket = buckets.firstIndex { value <= $0 }
        state.withLock { state in
            if let bucket { state.counts[bucket] += 1 }
            state.sum += value
            state.count += 1
        }
    }

    func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1_000_000_000) }

    func exposition(_ label: String, _ dimensions: [String]) -> String {
        let state = state.withLock { $0 }
        var text = ""
        var cumulative = 0
        for (bucket, count) in zip(buckets, state.counts) {
            cumulative += count
            text += PrometheusText.sample(
                label + "_bucket", dimensions + [PrometheusText.dimension("le", "\(bucket)")], Double(cumulative))
        }
        text += PrometheusText.sample(
            label + "_bucket", dimensions + [PrometheusText.dimension("le", "+Inf")], Double(state.count))
        text += PrometheusText.sample(label + "_sum", dimensions, state.sum)
        return text + PrometheusText.sample(label + "_count", dimensions, Double(state.count))
    }
}

/// The text format's lexical rules.
enum PrometheusText {
    static func name(_ label: String) -> String {
        // A name does not begin with a digit.
        (label.first?.isNumber == true ? "_" : "")
            + String(label.map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_" || $0 == ":") ? $0 : "_" })
    }

    static func dimension(_ name: String, _ value: String) -> String {
        let escaped = value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
        return "\(Self.name(name))=\"\(escaped)\""
    }

    static func sample(_ label: String, _ dimensions: [String], _ value: Double) -> String {
        let number =
            if value.isNaN {
                "NaN"
            } else if value.isInfinite {
                value > 0 ? "+Inf" : "-Inf"
            } else if value.rounded() == value, value.magnitude < 1e15 {
                "\(Int64(value))"
            } else {
                "\(value)"
            }
        return dimensions.isEmpty
            ? "\(label) \(number)\n" : "\(label){\(dimensions.joined(separator: ","))} \(number)\n"
    }
}
