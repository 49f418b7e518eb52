/// A load of buyers, until every mail and webhook is out.
struct Sale {
    let load: Load
    let cost: Cost
    /// Seconds from the first buyer to the last answer.
    let answeredSeconds: Double
    /// Seconds from the end of the load until nothing was left to do.
    let drainSeconds: Double
    /// From the first buyer until nothing was left to do.
    let secondsWithDrain: Double
    /// What should not be: mails or webhooks that did not come, answers that nobody expects.
    let failures: [String]

    /// Orders that were confirmed, over the whole time.
    var orders: Int { load.total.counted }
    /// Orders per second that were confirmed in the counted time.
    var rate: Double { load.rate }
    /// Tickets per second of them.
    var ticketRate: Double { Double(load.tally.tickets) / load.period.seconds }

    /// Runs the load.
    /// - Parameters:
    ///   - makeLoad: called when everything else is prepared: a load begins with its period.
    ///   - beside: other loads of the same time.
    init(_ bench: Workbench, beside: [Load] = [], _ makeLoad: () -> Load) throws {
        let deliveries = Deliveries(bench.outside)
        let meter = try Meter(bench)
        load = makeLoad()
        meter.watch(load.period)
        bench.reactor.run([load] + beside)
        guard load.total.counted > 0 else {
            throw BenchError("no order was confirmed: " + Self.failures(load).joined(separator: "; "))
        }
        let drainBegin = MonotonicClock.now
        answeredSeconds = MonotonicClock.seconds(from: load.period.begin, to: drainBegin)
        bench.say("sold \(load.total.counted) orders; waiting for mails and webhooks")
        let isDone = try bench.drain()
        let drainEnd = MonotonicClock.now
        drainSeconds = MonotonicClock.seconds(from: drainBegin, to: drainEnd)
        secondsWithDrain = MonotonicClock.seconds(from: load.period.begin, to: drainEnd)
        let orders = load.total.counted
        cost = try meter.cost(counted: load.tally.counted, all: orders, unit: "order")
        var failures = Self.failures(load)
        if !isDone { failures.append("work was left after 10 minutes") }
        self.failures = failures + deliveries.missing(for: orders)
    }

    /// The answers of a load that nobody expects.
    static func failures(_ load: Load) -> [String] {
        load.total.unexpected.sorted { $0.key < $1.key }.map { "\($1.count) times \($0), such as \($1.example)" }
    }
}
