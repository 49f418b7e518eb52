/// One kind of request, kept coming.
///
/// Latency counts from when a request was meant to begin, not from when the generator got around to sending it: a
/// platform that stalls is charged for everybody who had to wait.
final class Load {
    /// How requests arrive.
    enum Pace {
        /// So many clients; each asks again as soon as it has its answer. Finds the peak.
        /// Each rests for so many seconds in between.
        case closed(clients: Int, rest: Double = 0)
        /// A Poisson process of so many requests a second, however slowly they are answered. Over at most so many
        /// connections; whoever finds none free waits for one, and the wait counts.
        case open(rate: Double, connections: Int)
    }

    /// When a load runs, in nanoseconds of ``MonotonicClock``.
    struct Period {
        /// When requests begin.
        var begin: UInt64
        /// From when on they count.
        var countedFrom: UInt64
        /// When no more begin.
        var end: UInt64

        /// From now on.
        /// - Parameters: seconds that do not count, and seconds that do.
        static func now(warmUp: Double, counted: Double) -> Period {
            let begin = MonotonicClock.now
            let from = begin + MonotonicClock.nanoseconds(warmUp)
            return Period(begin: begin, countedFrom: from, end: from + MonotonicClock.nanoseconds(counted))
        }

        /// How long requests count, in seconds.
        var seconds: Double { MonotonicClock.seconds(from: countedFrom, to: end) }
    }

    let period: Period
    let pace: Pace
    /// Of the counted period.
    private(set) var tally = Tally()
    /// From the first request to the last answer.
    private(set) var total = Tally()

    private let workload: any Workload
    private let poller: Poller
    private let ports: [UInt16]
    private var generator: SeededGenerator
    private var connections: [HTTPConnection] = []
    private var free: [HTTPConnection] = []
    /// Clients of a closed loop between two requests, the first to come back first.
    private var resting: [(connection: HTTPConnection, until: UInt64)] = []
    private var queue: [UInt64] = []
    private var queueHead = 0
    private var nextArrival: UInt64
    private var underWay = 0
    private var isExhausted = false
    /// Requests that have begun.
    private(set) var begun = 0

    init(
        _ workload: any Workload, pace: Pace, period: Period, poller: Poller, ports: [UInt16], seed: UInt64
    ) {
        self.workload = workload
        self.pace = pace
        self.period = period
        self.poller = poller
        self.ports = ports
        generator = SeededGenerator(seed: seed)
        nextArrival = period.begin
    }

    /// Whether every request that has begun is answered and no more begin.
    var isOver: Bool {
        underWay == 0 && queueHead == queue.count && (isExhausted || MonotonicClock.now >= period.end)
    }

    /// When ``advance(to:)`` is to be called next, unless an answer comes before.
    var nextMoment: UInt64 {
        let arrival: UInt64 =
            switch pace {
            case .closed: resting.first?.until ?? period.end
            case .open: isExhausted ? period.end : nextArrival
            }
        return min(arrival, period.end)
    }

    /// Begins what is due.
    func advance(to now: UInt64) {
        switch pace {
        case .closed(let clients, _):
            while now < period.end, !isExhausted, connections.count < clients {
                begin(on: makeConnection(), intendedStart: now)
            }
            while let next = resting.first, next.until <= now {
                resting.removeFirst()
                if now < period.end, !isExhausted { begin(on: next.connection, intendedStart: now) }
            }
        case .open(let rate, let maximum):
            while nextArrival <= now, nextArrival < period.end, !isExhausted {
                arrive(at: nextArrival, maximum: maximum)
                nextArrival += max(1, MonotonicClock.nanoseconds(generator.wait(rate: rate)))
            }
            while queueHead < queue.count, let connection = free.popLast() { beginQueued(on: connection) }
        }
    }

    /// Gives up on what has not been answered.
    func abandon() {
        for connection in connections { connection.close() }
        for _ in 0..<underWay { total.addUnexpected("no answer", example: "given up on") }
        for _ in queueHead..<queue.count { total.addUnexpected("never sent", example: "no connection came free") }
        (underWay, queueHead, isExhausted) = (0, queue.count, true)
    }

    private func arrive(at time: UInt64, maximum: Int) {
        if let connection = free.popLast() {
            begin(on: connection, intendedStart: time)
        } else if connections.count < maximum {
            begin(on: makeConnection(), intendedStart: time)
        } else {
            queue.append(time)
        }
    }

    private func makeConnection() -> HTTPConnection {
        let port = ports[connections.count % ports.count]
        let connection = HTTPConnection(poller, port: port) { [unowned self] in ended($0, $1) }
        connections.append(connection)
        return connection
    }

    private func begin(on connection: HTTPConnection, intendedStart: UInt64) {
        var tag = 0
        guard let request = workload.next(tag: &tag) else {
            isExhausted = true
            queueHead = queue.count
            return
        }
        connection.tag = tag
        connection.intendedStart = intendedStart
        underWay += 1
        begun += 1
        connection.send(request)
    }

    private func ended(_ connection: HTTPConnection, _ ending: HTTPConnection.Ending) {
        let now = MonotonicClock.now
        underWay -= 1
        record(connection, ending, at: now)
        switch pace {
        case .closed(_, let rest):
            // Who lost his connection comes back a moment later.
            let pause = if case .answered = ending { rest } else { max(rest, 0.1) }
            if pause > 0 {
                resting.append((connection, now + MonotonicClock.nanoseconds(pause)))
            } else if now < period.end, !isExhausted {
                begin(on: connection, intendedStart: now)
            }
        case .open:
            guard case .answered = ending else { return free.append(connection) }
            if queueHead < queue.count { beginQueued(on: connection) } else { free.append(connection) }
        }
    }

    private func beginQueued(on connection: HTTPConnection) {
        queueHead += 1
        begin(on: connection, intendedStart: queue[queueHead - 1])
    }

    private func record(_ connection: HTTPConnection, _ ending: HTTPConnection.Ending, at now: UInt64) {
        let outcome: Outcome
        var example = ""
        switch ending {
        case .answered(let reply):
            outcome = workload.judge(reply, tag: connection.tag)
            if !outcome.isExpected { example = "\(reply.status) \(reply.bodyText.prefix(500))" }
        case .broken(let reason):
            outcome = Outcome(name: "connection ended", counts: false, isExpected: false)
            example = reason
        }
        let microseconds = (now - min(connection.intendedStart, now)) / 1000
        total.add(outcome, microseconds: microseconds)
        if !outcome.isExpected { total.addUnexpected(outcome.name, example: example) }
        // A peak is what was finished in the time; a latency belongs to who was meant to begin in it.
        let moment =
            switch pace {
            case .closed: now
            case .open: connection.intendedStart
            }
        if moment >= period.countedFrom, moment < period.end { tally.add(outcome, microseconds: microseconds) }
    }
}
