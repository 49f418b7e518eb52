/// Far more buyers than places, within seconds: nobody gets a place twice, and the losers hear of it soon.
struct SellOutScenario {
    private static let places = 10_000
    private static let buyers = 50_000
    /// Within so many seconds they all arrive.
    private static let rush = 10.0
    private static let connections = 8000
    /// The outcomes that tell a buyer that there is nothing to be had.
    private static let losses: Set<String> = ["sold_out", "sold-out", "rate-limited"]

    private let bench: Workbench

    init(_ bench: Workbench) {
        self.bench = bench
    }

    func run() throws -> Report {
        var report = Report("sell-out", bench)
        let shop = try bench.openShop("sell-out")
        let sale = try shop.sell("Sell-out", places: Self.places)
        try warmUp(shop)
        bench.say("\(Self.buyers) buyers for \(Self.places) places in \(Report.text(Self.rush)) s")
        let checkouts = Checkouts([sale], allowsSoldOut: true, seed: bench.nextSeed())
        checkouts.limit = Self.buyers
        let rate = Double(Self.buyers) / Self.rush
        let result = try Sale(bench) {
            // The period is longer than the rush: the limit ends it.
            bench.openLoop(
                checkouts, rate: rate, connections: Self.connections, warmUp: 0, seconds: Self.rush * 1.5)
        }
        let total = result.load.total
        let losers = total.latencies(Self.losses)
        let winners = total.latencies(["completed"])
        report.add(
            "buyers", Double(result.load.begun), "",
            note: "a Poisson process of \(Report.text(rate))/s, one to five tickets each")
        report.add("orders", Double(total.counted), "")
        report.add("tickets sold", Double(total.tickets), "", note: "of \(Self.places) places")
        report.add("losers", Double(losers.count), "")
        for name in Self.losses.sorted() where total.count(name) > 0 {
            report.add("  of them \(name)", Double(total.count(name)), "")
        }
        report.add("p50 for losers", losers.milliseconds(50), "ms", note: "from the intended start")
        report.add("p99 for losers", losers.milliseconds(99), "ms", atMost: 2000)
        report.add("max for losers", losers.maximum, "ms")
        report.add("p50 for winners", winners.milliseconds(50), "ms")
        report.add("p99 for winners", winners.milliseconds(99), "ms")
        report.add("max for winners", winners.maximum, "ms")
        report.add(
            "answers per second", Double(Self.buyers) / result.answeredSeconds, "/s", note: "until the last buyer knew")
        report.add("drain", result.drainSeconds, "s", note: "until the last mail and webhook was out")
        report.addMemory(result.cost.memory, idle: [:])
        report.failures += result.failures
        if total.tickets > Self.places {
            report.failures.append("\(total.tickets) tickets were sold of \(Self.places)")
        }
        try report.check(bench)
        return report
    }

    /// The first requests of a process are its slowest.
    private func warmUp(_ shop: Shop) throws {
        let sale = try shop.sell("Warm-up", places: 100_000)
        let load = bench.closedLoop(
            Checkouts([sale], seed: bench.nextSeed()), warmUp: 0, seconds: bench.options.warmUp)
        bench.reactor.run([load])
        _ = try bench.drain()
    }
}
