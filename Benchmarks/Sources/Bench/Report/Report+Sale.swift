extension Report {
    /// What a service may take of memory, in MiB: before any load, and under the hottest.
    private static let memoryIdle = 64.0
    private static let memoryLoaded = 160.0

    /// Adds the peak of a sale with the number of buyers that was found.
    mutating func addPeak(_ sale: Sale, _ search: PeakSearch, targetTickets: Double? = 1000) {
        add(
            "orders confirmed", sale.rate, "/s",
            note: "closed loop of \(search.text("buyers")); hold, pay and confirm; \(sale.orders) in all")
        add(search, "buyers")
        if let targetTickets {
            add("tickets sold", sale.ticketRate, "/s", atLeast: targetTickets)
        } else {
            add("tickets sold", sale.ticketRate, "/s")
        }
        add(
            "orders with mail and webhook", Double(sale.orders) / sale.secondsWithDrain, "/s",
            note: "the same, with the \(Self.text(sale.drainSeconds)) s until the last one was out")
        let latencies = sale.load.tally.latencies(["completed"])
        add("p50 at the peak", latencies.milliseconds(50), "ms")
        add("p99 at the peak", latencies.milliseconds(99), "ms")
        addComeBacks(sale.load, " at the peak")
    }

    /// Adds each number of clients that was tried.
    /// - Parameter who: the clients, in the plural.
    mutating func add(_ search: PeakSearch, _ who: String) {
        for trial in search.trials {
            var note = "tried for \(Self.text(PeakSearch.seconds)) s"
            if trial.comeBacks > 0 { note += "; told to come back \(trial.comeBacks) times" }
            add("  with \(trial.clients) \(who)", trial.perSecond, "/s", note: note)
        }
    }

    /// Adds how often buyers were told to come back, unless nobody was.
    /// - Parameter when: under which load, as the end of the line's name.
    mutating func addComeBacks(_ load: Load, _ when: String = "") {
        let count = load.total.count(Checkouts.comeBack)
        guard count > 0 else { return }
        let inAll = Self.text(load.total.latenciesInAll(["completed"]).milliseconds(99))
        add(
            "told to come back\(when)", Double(count), "",
            note: "429; \(load.begun) buyers, \(load.total.mostTries) tries at most; "
                + "p99 of the time in all of who bought \(inAll) ms")
    }

    /// Adds the latencies of a sale below the peak.
    mutating func addLatencies(_ sale: Sale, rate: Double) {
        let latencies = sale.load.tally.latencies(["completed"])
        add(
            "p50 at half of it", latencies.milliseconds(50), "ms",
            note: "open loop, \(Self.text(rate)) orders/s, from the intended start")
        add("p95 at half of it", latencies.milliseconds(95), "ms")
        add("p99 at half of it", latencies.milliseconds(99), "ms")
        add("max at half of it", latencies.maximum, "ms")
        addComeBacks(sale.load, " at half of it")
        add("drain at half of it", sale.drainSeconds, "s", note: "until the last mail and webhook was out")
        failures += sale.failures
    }

    /// Adds what PostgreSQL alone can do.
    mutating func add(_ floor: Floor) {
        let rates = [
            ("floor, one row", floor.hot), ("floor, 100 rows", floor.spread),
            ("floor, one row, pipelined", floor.hotPipelined), ("floor, 100 rows, pipelined", floor.spreadPipelined),
        ]
        for (name, rate) in rates { add(name, rate.perSecond, "/s", note: "pgbench, \(rate.clients) clients") }
    }

    /// Adds the largest services.
    mutating func addMemory(_ loaded: [String: ProcessTable.Memory], idle: [String: ProcessTable.Memory]) {
        for (when, memory, target) in [("idle", idle, Self.memoryIdle), ("loaded", loaded, Self.memoryLoaded)] {
            let services = memory.filter { Installation.services.contains(ProcessTable.service($0.key)) }
            guard let largest = services.max(by: { $0.value.resident < $1.value.resident }) else { continue }
            add(
                "largest service, \(when)", Double(largest.value.resident) / 1_048_576, "MiB", atMost: target,
                note: largest.key)
        }
    }

    /// Runs `fsck` and counts what was sold beyond the places.
    mutating func check(_ bench: Workbench) throws {
        bench.say("checking")
        let check = try ConsistencyCheck(bench)
        add("oversold", Double(check.oversold), "", atMost: 0)
        if check.oversold > 0 { failures.append("\(check.oversold) tickets were sold beyond the places") }
        if !check.isClean { failures.append("fsck: " + check.lines.suffix(20).joined(separator: "\n        ")) }
        facts.append(["fsck", check.isClean ? "clean" : "NOT CLEAN"])
    }
}
