/// People who look without buying: alone, and while one occurrence is being sold.
struct BrowseScenario {
    /// How many people look each second while others buy.
    private static let readsBeside = 1000.0
    private static let events = 20

    private let bench: Workbench

    init(_ bench: Workbench) {
        self.bench = bench
    }

    func run() throws -> Report {
        var report = Report("browse", bench)
        let shop = try bench.openShop("browse")
        let sales = try (1...Self.events).map { try shop.sell("Browse \($0)", places: 1_000_000) }
        bench.say("\(bench.clients) readers at a time, alone")
        let meter = try Meter(bench)
        let alone = bench.closedLoop(Reads(sales, seed: bench.nextSeed()))
        meter.watch(alone.period)
        bench.reactor.run([alone])
        let cost = try meter.cost(counted: alone.tally.counted, all: alone.total.counted, unit: "read")
        let latencies = alone.tally.latencies(["read"])
        report.add(
            "reads alone", alone.rate, "/s", atLeast: 15_000,
            note: "closed loop of \(bench.clients) readers, availability and events two to one")
        report.add("p50 alone", latencies.milliseconds(50), "ms")
        report.add("p99 alone", latencies.milliseconds(99), "ms")
        report.failures += Sale.failures(alone)
        try addBeside(sales, &report)
        cost.write(to: &report, idle: bench.memoryIdle)
        try report.check(bench)
        return report
    }

    /// Readers while the first occurrence is sold at half of its peak.
    private func addBeside(_ sales: [Shop.Sale], _ report: inout Report) throws {
        let hot = [sales[0]]
        bench.say("looking for the peak of sales")
        let peak = try Sale(bench) { bench.closedLoop(Checkouts(hot, seed: bench.nextSeed())) }
        report.failures += peak.failures
        report.addComeBacks(peak.load, " at the peak of sales")
        bench.say("\(Report.text(Self.readsBeside)) reads/s beside \(Report.text(peak.rate / 2)) orders/s")
        let reads = bench.openLoop(Reads(sales, seed: bench.nextSeed()), rate: Self.readsBeside)
        let sale = try Sale(bench, beside: [reads]) {
            bench.openLoop(Checkouts(hot, seed: bench.nextSeed()), rate: peak.rate / 2)
        }
        let latencies = reads.tally.latencies(["read"])
        let note = "open loop of \(Report.text(Self.readsBeside)) reads/s beside \(Report.text(peak.rate / 2)) orders/s"
        report.add("p50 beside hot", latencies.milliseconds(50), "ms", note: note)
        report.add("p99 beside hot", latencies.milliseconds(99), "ms", atMost: 50)
        report.add("max beside hot", latencies.maximum, "ms")
        report.add(
            "p99 of the orders beside", sale.load.tally.latencies(["completed"]).milliseconds(99), "ms")
        report.addComeBacks(sale.load, " beside")
        report.failures += sale.failures + Sale.failures(reads)
    }
}
