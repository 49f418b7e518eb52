/// One occurrence, finite stock: the peak with a closed loop, then latencies with an open loop at half of it.
struct HotScenario {
    private static let places = 1_000_000

    private let bench: Workbench

    init(_ bench: Workbench) {
        self.bench = bench
    }

    func run() throws -> Report {
        var report = Report("hot", bench)
        bench.say("measuring the floor")
        let floor = try Floor(bench, seconds: 5)
        let shop = try bench.openShop("hot")
        let sales = [try shop.sell("Hot", places: Self.places)]
        let search = try bench.searchPeak(Checkouts(sales, seed: bench.nextSeed()), &report)
        bench.say("selling one occurrence to \(search.clients) buyers at a time")
        let peak = try Sale(bench) {
            bench.closedLoop(Checkouts(sales, seed: bench.nextSeed()), clients: search.clients)
        }
        report.addPeak(peak, search)
        report.add(
            "orders against the floor", peak.rate / floor.hot.perSecond, "× floor", atLeast: 1,
            note: "pgbench, one row: \(Report.text(floor.hot.perSecond))/s with \(floor.hot.clients) clients")
        report.add(floor)
        report.addLatencies(try latencies(sales, rate: peak.rate / 2), rate: peak.rate / 2)
        peak.cost.write(to: &report, idle: bench.memoryIdle)
        report.addMemory(peak.cost.memory, idle: bench.memoryIdle)
        report.failures += peak.failures
        try report.check(bench)
        return report
    }

    private func latencies(_ sales: [Shop.Sale], rate: Double) throws -> Sale {
        bench.say("selling at half of the peak, \(Report.text(rate)) orders/s, open loop")
        return try Sale(bench) { bench.openLoop(Checkouts(sales, seed: bench.nextSeed()), rate: rate) }
    }
}
