/// One buyer at a time with the platform to himself: what a checkout takes when nothing is in its way.
struct IdleScenario {
    /// Seconds between two buyers, in which the mail of the first one leaves.
    private static let rest = 0.25

    private let bench: Workbench

    init(_ bench: Workbench) {
        self.bench = bench
    }

    func run() throws -> Report {
        var report = Report("idle", bench)
        let shop = try bench.openShop("idle")
        let sales = [try shop.sell("Idle", places: 100_000)]
        bench.say("one buyer at a time")
        let sale = try Sale(bench) {
            bench.closedLoop(Checkouts(sales, seed: bench.nextSeed()), clients: 1, rest: Self.rest)
        }
        let latencies = sale.load.tally.latencies(["completed"])
        report.add(
            "p50 of a checkout alone", latencies.milliseconds(50), "ms", atMost: 15,
            note: "hold, pay and confirm, \(sale.load.tally.counted) with rests of \(Report.text(Self.rest)) s between")
        report.add("p95 of a checkout alone", latencies.milliseconds(95), "ms")
        report.add("p99 of a checkout alone", latencies.milliseconds(99), "ms")
        report.add("max of a checkout alone", latencies.maximum, "ms")
        report.addComeBacks(sale.load)
        sale.cost.write(to: &report, idle: bench.memoryIdle)
        report.addMemory([:], idle: bench.memoryIdle)
        report.failures += sale.failures
        try report.check(bench)
        return report
    }
}
