/// The number of clients with which something is fastest of those tried.
///
/// Too few leave a server idle, and too many are in each other's way; where that turns depends on the machine.
struct PeakSearch {
    /// One number of clients, tried for a short time.
    struct Trial {
        var clients: Int
        var perSecond: Double
        /// How often they were told to come back.
        var comeBacks = 0
    }

    /// Of the platform, unless a number was chosen.
    static let numbers = [128, 256, 512]
    /// How long each number is tried, and how long it runs before that counts.
    static let seconds = 3.0
    static let warmUp = 2.0

    /// In the order in which they were tried; none where there was no choice.
    let trials: [Trial]
    /// The number that was fastest. The smaller one of two that are as fast: more would only wait longer.
    let clients: Int

    /// Tries one number after the other.
    /// - Parameters:
    ///   - numbers: at least one, the smallest first.
    ///   - measure: tries one; not called where there is only one.
    init(_ numbers: [Int], _ measure: (Int) throws -> Trial) rethrows {
        precondition(!numbers.isEmpty)
        trials = numbers.count > 1 ? try numbers.map(measure) : []
        let fastest = trials.map(\.perSecond).max()
        clients = trials.first { $0.perSecond == fastest }?.clients ?? numbers[0]
    }

    /// No search: the number is chosen.
    init(only clients: Int) {
        (trials, self.clients) = ([], clients)
    }

    /// The number and what it was chosen from, for a person.
    /// - Parameter who: the clients, in the plural.
    func text(_ who: String) -> String {
        guard let last = trials.last else { return "\(clients) \(who)" }
        let others = trials.dropLast().map { "\($0.clients)" }.joined(separator: ", ")
        return "\(clients) \(who), the fastest of \(others) and \(last.clients)"
    }
}

extension Workbench {
    /// Tries with how many clients a closed loop is fastest, unless a number was chosen, and waits until nothing is left to
    /// be done for them: what is measured afterwards is not to carry their burden.
    /// - Parameters:
    ///   - workload: goes on from one trial to the next.
    ///   - report: hears of what should not be.
    func searchPeak(_ workload: any Workload, _ report: inout Report) throws -> PeakSearch {
        if let clients = options.clients { return PeakSearch(only: clients) }
        let deliveries = Deliveries(outside)
        var orders = 0
        var failures: [String] = []
        // The first requests of a process are its slowest: they are not to count against the first number.
        var warmUp = max(options.warmUp, PeakSearch.warmUp)
        let search = PeakSearch(PeakSearch.numbers) { clients in
            say("trying \(clients) at a time")
            let load = closedLoop(workload, clients: clients, warmUp: warmUp, seconds: PeakSearch.seconds)
            warmUp = PeakSearch.warmUp
            reactor.run([load])
            load.hangUp()
            orders += load.total.count("completed")
            failures += Sale.failures(load)
            return .init(clients: clients, perSecond: load.rate, comeBacks: load.total.count(Checkouts.comeBack))
        }
        if try !drain() { failures.append("work was left after 10 minutes") }
        report.failures += failures + deliveries.missing(for: orders)
        return search
    }
}
