/// The doors of one occurrence: the peak of scans, and latencies at half of it and at a rate that stays the same from run to
/// run.
struct GateScenario {
    /// How many tickets go through the gates.
    private static let tickets = 10_000
    /// Scans a second: 60,000 people in a minute.
    private static let usualRate = 1000.0

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
        try measure(scans, rate / 2, "half of it", p99AtMost: 25, &report)
        try measure(scans, Self.usualRate, "\(Report.text(Self.usualRate))/s", p99AtMost: nil, &report)
        cost.write(to: &report, idle: bench.memoryIdle)
        report.failures += Sale.failures(peak)
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

    /// Scans in an open loop, and reports how long the answers take.
    private func measure(
        _ scans: Scans, _ rate: Double, _ name: String, p99AtMost limit: Double?, _ report: inout Report
    ) throws {
        bench.say("scanning in an open loop, \(Report.text(rate)) scans/s")
        let load = bench.openLoop(scans, rate: rate)
        bench.reactor.run([load])
        if try !bench.drain() { report.failures.append("work was left after 10 minutes") }
        let latencies = load.tally.latencies(Set(load.tally.lines.keys))
        report.add(
            "p50 at \(name)", latencies.milliseconds(50), "ms",
            note: "open loop, \(Report.text(rate)) scans/s, from the intended start")
        report.add("p95 at \(name)", latencies.milliseconds(95), "ms")
        if let limit {
            report.add("p99 at \(name)", latencies.milliseconds(99), "ms", atMost: limit)
        } else {
            report.add("p99 at \(name)", latencies.milliseconds(99), "ms")
        }
        report.add("max at \(name)", latencies.maximum, "ms")
        report.failures += Sale.failures(load)
    }
}
