/// What an order costs when the databases are nearly empty, and when millions of tickets are in them.
struct GrowthScenario {
    /// Orders of the organisation that is multiplied, of five tickets each.
    private static let templateOrders = 2500
    private static let ticketsEach = 5

    private let bench: Workbench

    init(_ bench: Workbench) {
        self.bench = bench
    }

    func run() throws -> Report {
        var report = Report("growth", bench)
        let organization = try sellTemplate(&report)
        let template = try Multiplication(bench.postgres, organizationID: organization)
        let size = Self.templateOrders * Self.ticketsEach
        var copies = 0
        var costs: [(tickets: Int, perOrder: Double)] = []
        for tickets in bench.options.growth.sorted() {
            let wanted = max(0, min(Multiplication.limit, tickets / size - 1))
            if wanted > copies {
                bench.say("loading \(tickets) tickets into every database")
                let begin = MonotonicClock.now
                try template.add((copies + 1)...wanted)
                copies = wanted
                let seconds = MonotonicClock.seconds(from: begin, to: MonotonicClock.now)
                report.add("loading up to \(tickets) tickets", seconds, "s")
            }
            let sale = try sell(tickets, &report)
            costs.append((tickets, sale.cost.whole.cpu.platformCPU))
            if costs.count == 1 || tickets == bench.options.growth.max() {
                sale.cost.write(to: &report, idle: bench.memoryIdle)
            }
        }
        if let first = costs.first, let last = costs.last, costs.count > 1 {
            report.add(
                "CPU per order, \(last.tickets) against \(first.tickets) tickets", last.perOrder / first.perOrder, "×",
                atMost: 1.15)
        }
        try report.check(bench)
        return report
    }

    /// - Returns: the organisation that is to be multiplied.
    private func sellTemplate(_ report: inout Report) throws -> String {
        bench.say("selling \(Self.templateOrders * Self.ticketsEach) tickets to be multiplied")
        let shop = try bench.openShop("template")
        let checkouts = Checkouts([try shop.sell("Template", places: 20_000)], seed: bench.nextSeed())
        checkouts.quantity = Self.ticketsEach
        checkouts.limit = Self.templateOrders
        let load = bench.closedLoop(checkouts, warmUp: 0, seconds: 600)
        bench.reactor.run([load])
        if try !bench.drain() { report.failures.append("work was left after 10 minutes") }
        report.addComeBacks(load, " while the template was sold")
        report.failures += Sale.failures(load)
        return shop.organizationID
    }

    private func sell(_ tickets: Int, _ report: inout Report) throws -> Sale {
        let found = try bench.postgres.query("voelgoed_ticketing", "SELECT count(*) FROM tickets;")[0][0]
        bench.say("selling a fresh occurrence beside \(found) tickets")
        let shop = try bench.openShop("growth")
        let sales = [try shop.sell("Growth", places: 1_000_000)]
        let sale = try Sale(bench) { bench.closedLoop(Checkouts(sales, seed: bench.nextSeed())) }
        report.add("orders confirmed at \(tickets) tickets", sale.rate, "/s", note: "\(found) tickets before")
        report.add("CPU per order at \(tickets) tickets", sale.cost.loaded.platformCPU, "ms", note: "under load")
        report.add(
            "CPU per order at \(tickets) tickets, with drain", sale.cost.whole.cpu.platformCPU, "ms",
            note: "with all work that it caused")
        report.add("p99 at \(tickets) tickets", sale.load.tally.latencies(["completed"]).milliseconds(99), "ms")
        report.addComeBacks(sale.load, " at \(tickets) tickets")
        report.failures += sale.failures
        return sale
    }
}
