import Metrics
import ServiceRuntime
import Testing

/// Prometheus' text exposition format, version 0.0.4.
@Suite("Prometheus registry")
struct PrometheusRegistryTests {
    @Test("Counters add up by their labels, gauges keep the last value, in a stable order")
    func numbers() {
        let registry = PrometheusRegistry()
        for (lane, amount) in [("b", 1), ("a", 2), ("b", 3)] {
            Counter(label: "messages_total", dimensions: [("lane", lane)], factory: registry).increment(by: amount)
        }
        FloatingPointCounter(label: "seconds_total", factory: registry).increment(by: 0.5)
        for value in [7, 3] { Gauge(label: "depth", factory: registry).record(value) }
        Meter(label: "level", factory: registry).set(1.25)
        #expect(
            registry.exposition() == """
                # TYPE messages_total counter
                messages_total{lane="a"} 2
                messages_total{lane="b"} 4
                # TYPE seconds_total counter
                seconds_total 0.5
                # TYPE depth gauge
                depth 3
                # TYPE level gauge
                level 1.25

                """)
    }

    @Test("Timers become histograms in seconds, with cumulative buckets, sum and count")
    func histograms() {
        let registry = PrometheusRegistry()
        let timer = Timer(label: "took_seconds", dimensions: [("kind", "a")], factory: registry)
        timer.recordMilliseconds(1)
        timer.recordMilliseconds(30)
        timer.recordSeconds(120)
        let lines = registry.exposition().split(separator: "\n").map(String.init)
        #expect(lines.first == "# TYPE took_seconds histogram")
        #expect(lines.contains(#"took_seconds_bucket{kind="a",le="0.001"} 1"#))
        #expect(lines.contains(#"took_seconds_bucket{kind="a",le="0.025"} 1"#))
        #expect(lines.contains(#"took_seconds_bucket{kind="a",le="0.05"} 2"#))
        #expect(lines.contains(#"took_seconds_bucket{kind="a",le="60.0"} 2"#))
        #expect(lines.contains(#"took_seconds_bucket{kind="a",le="+Inf"} 3"#))
        #expect(lines.contains(#"took_seconds_sum{kind="a"} 120.031"#))
        #expect(lines.contains(#"took_seconds_count{kind="a"} 3"#))
    }

    @Test("Recorders of counts have buckets of counts")
    func recorders() {
        let registry = PrometheusRegistry()
        for size in [1, 200, 5000] { Recorder(label: "batch", factory: registry).record(size) }
        let text = registry.exposition()
        #expect(text.contains("batch_bucket{le=\"1.0\"} 1\n"))
        #expect(text.contains("batch_bucket{le=\"200.0\"} 2\n"))
        #expect(text.contains("batch_bucket{le=\"1000.0\"} 2\n"))
        #expect(text.contains("batch_bucket{le=\"+Inf\"} 3\n"))
        #expect(text.contains("batch_sum 5201\n"))
    }

    @Test("Names and label values obey the format's rules")
    func lexicalRules() {
        let registry = PrometheusRegistry()
        Counter(label: "a.b-c/d", dimensions: [("the label", "a \"quoted\" \\ text\nof two lines")], factory: registry)
            .increment()
        Counter(label: "5xx", factory: registry).increment()
        let text = registry.exposition()
        #expect(text.contains(#"a_b_c_d{the_label="a \"quoted\" \\ text\nof two lines"} 1"# + "\n"))
        #expect(text.contains("_5xx 1\n"))
    }

    @Test("Numbers without an end are written as the format writes them")
    func extremes() {
        let registry = PrometheusRegistry()
        for (label, value) in [("a", Double.infinity), ("b", -.infinity), ("c", .nan), ("d", 1e300)] {
            Meter(label: label, factory: registry).set(value)
        }
        let text = registry.exposition()
        for line in ["a +Inf\n", "b -Inf\n", "c NaN\n", "d 1e+300\n"] { #expect(text.contains(line)) }
    }

    @Test("Many tasks counting at once lose nothing")
    func concurrency() async {
        let registry = PrometheusRegistry()
        await withDiscardingTaskGroup { group in
            for _ in 0..<8 {
                group.addTask {
                    for _ in 0..<1000 { Counter(label: "total", factory: registry).increment() }
                }
            }
        }
        #expect(registry.exposition() == "# TYPE total counter\ntotal 8000\n")
    }
}
