/// Everything that is counted, at one moment.
struct Snapshot {
    let at: UInt64
    let cpu: [String: Double]
    let database: PostgresServer.Counters
    let broker: BrokerCounters

    init(_ bench: Workbench) throws {
        at = MonotonicClock.now
        cpu = bench.processes.cpu()
        database = try bench.postgres.counters()
        broker = try BrokerCounters(bench.reactor, port: bench.installation.broker.metricsPort)
    }
}

extension Dictionary<String, Double> {
    /// What was added since the earlier reading.
    func since(_ earlier: [String: Double]) -> [String: Double] {
        reduce(into: [:]) { $0[$1.key] = $1.value - (earlier[$1.key] ?? 0) }
    }

    var sum: Double { values.reduce(0, +) }
}
