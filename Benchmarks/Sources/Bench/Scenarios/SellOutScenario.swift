/// Far more buyers than places, within seconds: nobody gets a place twice, and the losers hear of it soon.
struct SellOutScenario {
    private static let places = 10_000
    private static let buyers = 50_000
    /// Within so many seconds they all arrive.
    private static let rush = 10.0
    private static let connections = 8000
    /// For so many seconds buyers try at most.
    private static let patience = 300.0
    /// The outcomes that tell a buyer that there is nothing to be had: the checkout's state, and the problem.
    private static let losses: Set<String> = ["sold_out", "sold-out"]

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
            // Longer than anybody tries: the limit of buyers ends the rush, and the last answer the load.
            bench.openLoop(checkouts, rate: rate, connections: Self.connections, warmUp: 0, seconds: Self.patience)
        }
        let total = result.load.total
        report.add(
            "buyers", Double(result.load.begun), "",
            note: "a Poisson process of \(Report.text(rate))/s, one to five tickets each")
        report.add("orders", Double(total.counted), "")
        report.add("tickets sold", Double(total.tickets), "", note: "of \(Self.places) places")
        addLosers(total, &report)
        addWinners(total, &report)
        report.add(
            "answers per second", Double(total.tries) / result.answeredSeconds, "/s", note: "until the last buyer knew")
        report.add("until the last buyer knew", result.answeredSeconds, "s")
        report.add("drain", result.drainSeconds, "s", note: "until the last mail and webhook was out")
        report.addMemory(result.cost.memory, idle: [:])
        report.failures += result.failures
        if total.tickets > Self.places {
            report.failures.append("\(total.tickets) tickets were sold of \(Self.places)")
        }
        try report.check(bench)
        return report
    }

    private func addLosers(_ total: Tally, _ report: inout Report) {
        report.add("losers", Double(total.latenciesInAll(Self.losses).count), "")
        let answers = total.latencies(Self.losses.union([Checkouts.comeBack]))
        report.add("answers to losers", Double(answers.count), "", note: "to each of their tries")
        for name in Self.losses.union([Checkouts.comeBack]).sorted() where total.count(name) > 0 {
            report.add("  of them \(name)", Double(total.count(name)), "")
            report.add("  p99 of \(name)", total.latencies([name]).milliseconds(99), "ms")
        }
        report.add(
            "p50 for losers", answers.milliseconds(50), "ms", note: "of each answer, from its try's intended start")
        report.add("p99 for losers", answers.milliseconds(99), "ms", atMost: 2000)
        report.add("max for losers", answers.maximum, "ms")
        let inAll = total.latenciesInAll(Self.losses)
        report.add(
            "p50 of losers' time in all", inAll.milliseconds(50) / 1000, "s",
            note: "from the first try until sold out, pauses included")
        report.add("p99 of losers' time in all", inAll.milliseconds(99) / 1000, "s")
        report.add("max of losers' time in all", inAll.maximum / 1000, "s")
        report.add(
            "tries per buyer", Double(total.tries) / Double(Self.buyers), "", note: "\(total.mostTries) at most")
    }

    private func addWinners(_ total: Tally, _ report: inout Report) {
        let winners = total.latencies(["completed"])
        report.add("p50 for winners", winners.milliseconds(50), "ms", note: "of the try that bought")
        report.add("p99 for winners", winners.milliseconds(99), "ms")
        report.add("max for winners", winners.maximum, "ms")
        let inAll = total.latenciesInAll(["completed"])
        report.add("p50 of winners' time in all", inAll.milliseconds(50) / 1000, "s", note: "from the first try")
        report.add("p99 of winners' time in all", inAll.milliseconds(99) / 1000, "s")
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
