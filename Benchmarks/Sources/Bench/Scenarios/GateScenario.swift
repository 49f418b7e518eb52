/// The doors of one occurrence: the peak of scans, and latencies at half of it.
struct GateScenario {
    /// How many tickets go through the gates.
    private static let tickets = 10_000

    private let bench: Workbench

    init(_ bench: Workbench) {
        self.bench = bench
    }

    func run() throws -> Report {
        var report = Report("gate", bench)
        let shop = try bench.openShop("gate")
        let sale = try shop.sell("Gate", places: 1_000_000)
        let codes = try buyTickets(sale, &report)
        let scans = Scans(sale, codes: codes, seed: bench.nextSeed())
        let search = try bench.searchPeak(scans, &report)
        bench.say("scanning \(codes.count) tickets with \(search.clients) scanners at a time")
        let meter = try Meter(bench)
        let peak = bench.closedLoop(scans, clients: search.clients)
        meter.watch(peak.period)
        bench.reactor.run([peak])
        if try !bench.drain() { report.failures.append("work was left after 10 minutes") }
        let cost = try meter.cost(counted: peak.tally.counted, all: peak.total.counted, unit: "scan")
        let rate = peak.rate
        report.add(
            "scans", rate, "/s", atLeast: 3000,
            note: "closed loop of \(search.text("scanners")); 10 % again, 1 % forged")
        report.add(search, "scanners")
        report.add("scans per core", rate / Double(ProcessTable.cores), "/s")
        addOutcomes(peak, &report)
        let half = bench.openLoop(scans, rate: rate / 2)
        bench.say("scanning at half of the peak, \(Report.text(rate / 2)) scans/s, open loop")
        bench.reactor.run([half])
        if try !bench.drain() { report.failures.append("work was left after 10 minutes") }
        addLatencies(half, &report)
        cost.write(to: &report, idle: bench.memoryIdle)
        report.failures += Sale.failures(peak) + Sale.failures(half)
        try report.check(bench)
        return report
    }

    private func buyTickets(_ sale: Shop.Sale, _ report: inout Report) throws -> [String] {
        bench.say("selling \(Self.tickets) tickets first")
        let checkouts = Checkouts([sale], seed: bench.nextSeed())
        checkouts.keepsCodes = true
        checkouts.quantity = 5
        checkouts.limit = Self.tickets / 5
        // As many as are let in at once, whatever the gates are measured with.
        let load = bench.closedLoop(
            checkouts, clients: Workbench.Options.usualClients, warmUp: 0, seconds: 600)
        bench.reactor.run([load])
        if try !bench.drain() { report.failures.append("work was left after 10 minutes") }
        report.failures += Sale.failures(load)
        report.addComeBacks(load, " while tickets were bought")
        guard !checkouts.codes.isEmpty else { throw BenchError("no tickets were sold for the gate") }
        if checkouts.codes.count != Self.tickets {
            report.failures.append("\(checkouts.codes.count) of \(Self.tickets) tickets were bought for the gate")
        }
        return checkouts.codes
    }

    private func addOutcomes(_ load: Load, _ report: inout Report) {
        for (name, line) in load.tally.lines.sorted(by: { $0.value.count > $1.value.count }) {
            report.add("  of them \(name)", Double(line.count) / load.period.seconds, "/s")
        }
    }

    private func addLatencies(_ load: Load, _ report: inout Report) {
        let latencies = load.tally.latencies(Set(load.tally.lines.keys))
        report.add("p50 at half of it", latencies.milliseconds(50), "ms", note: "open loop, from the intended start")
        report.add("p95 at half of it", latencies.milliseconds(95), "ms")
        report.add("p99 at half of it", latencies.milliseconds(99), "ms", atMost: 25)
        report.add("max at half of it", latencies.maximum, "ms")
    }
}
