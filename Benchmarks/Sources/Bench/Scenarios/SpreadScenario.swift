/// A hundred occurrences in twenty organisations: the peak, and latencies at half of it.
struct SpreadScenario {
    private static let organizations = 20
    private static let occurrencesOfEach = 5
    private static let places = 100_000

    private let bench: Workbench

    init(_ bench: Workbench) {
        self.bench = bench
    }

    func run() throws -> Report {
        var report = Report("spread", bench)
        bench.say("measuring the floor")
        let floor = try Floor(bench, seconds: 5)
        let sales = try Self.open(bench)
        let search = try bench.searchPeak(Checkouts(sales, seed: bench.nextSeed()), &report)
        bench.say("selling \(sales.count) occurrences to \(search.clients) buyers at a time")
        let peak = try Sale(bench) {
            bench.closedLoop(Checkouts(sales, seed: bench.nextSeed()), clients: search.clients)
        }
        report.addPeak(peak, search, targetTickets: nil)
        report.add(
            "orders against the floor", peak.rate / floor.spread.perSecond, "× floor", atLeast: 0.3,
            note: "pgbench, 100 rows: \(Report.text(floor.spread.perSecond))/s with \(floor.spread.clients) clients")
        report.add(floor)
        bench.say("selling at half of the peak, \(Report.text(peak.rate / 2)) orders/s, open loop")
        let half = try Sale(bench) { bench.openLoop(Checkouts(sales, seed: bench.nextSeed()), rate: peak.rate / 2) }
        report.addLatencies(half, rate: peak.rate / 2)
        peak.cost.write(to: &report, idle: bench.memoryIdle)
        report.failures += peak.failures
        try report.check(bench)
        return report
    }

    /// Puts everything on sale.
    static func open(_ bench: Workbench) throws -> [Shop.Sale] {
        try (1...organizations).flatMap { number in
            let shop = try bench.openShop("spread-\(number)")
            return try (1...occurrencesOfEach).map { try shop.sell("Spread \($0)", places: places) }
        }
    }
}
