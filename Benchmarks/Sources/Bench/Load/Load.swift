/// One kind of request, kept coming.
///
/// Latency counts from when a request was meant to begin, not from when the generator got around to sending it: a
/// platform that stalls is charged for everybody who had to wait. A try that the platform asked for later is a request of
/// its own, meant to begin when the platform said, up to a second later; how long all tries of a request took together is
/// counted as well.
final class Load {
    /// How requests arrive.
    enum Pace {
        /// So many clients; each asks again as soon as it has its answer. Finds the peak.
        /// Each rests for so many seconds in between. Who is told to come back rests that long instead, and stays away
        /// when that would be after the end.
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

    private enum Due {
        case first(UInt64)
        case again(RetryQueue.Retry)
    }

    private let workload: any Workload
    private let poller: Poller
    private let ports: [UInt16]
    /// The time, in nanoseconds of the same beginning as the period's.
    private let clock: () -> UInt64
    private var generator: SeededGenerator
    private var connections: [HTTPConnection] = []
    private var free: [HTTPConnection] = []
    /// Clients of a closed loop between two requests, the first to come back first.
    private var resting: [(connection: HTTPConnection, until: UInt64)] = []
    /// What is due and has no connection yet.
    private var queue: [Due] = []
    private var queueHead = 0
    private var retries = RetryQueue()
    private var nextArrival: UInt64
    private var underWay = 0
    private var isExhausted = false
    /// Requests that have begun, tries of the same one counted once.
    private(set) var begun = 0

    /// - Parameter clock: ``MonotonicClock``, unless a test has a time of its own.
    init(
        _ workload: any Workload, pace: Pace, period: Period, poller: Poller, ports: [UInt16], seed: UInt64,
        clock: @escaping () -> UInt64 = { MonotonicClock.now }
    ) {
        self.workload = workload
        self.pace = pace
        self.period = period
        self.poller = poller
        self.ports = ports
        self.clock = clock
        generator = SeededGenerator(seed: seed)
        nextArrival = period.begin
    }

    /// Whether every request that has begun is answered and no more begin.
    var isOver: Bool {
        underWay == 0 && queueHead == queue.count && retries.count == 0
            && (isExhausted || clock() >= period.end)
    }

    /// How many a second did what the load is measured by, of the counted period.
    var rate: Double { Double(tally.counted) / period.seconds }

    /// When ``advance(to:)`` is to be called next, unless an answer comes before.
    var nextMoment: UInt64 {
        let arrival: UInt64 =
            switch pace {
            case .closed: resting.first?.until ?? period.end
            case .open: isExhausted ? period.end : nextArrival
            }
        let next = min(arrival, period.end)
        guard let due = retries.nextDue else { return next }
        // Nothing but retries begins after the end.
        return isExhausted || next == period.end && clock() >= next ? due : min(next, due)
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
            // Whoever rests until a retry has left a connection.
            while let connection = free.last, let retry = retries.popDue(at: now) {
                free.removeLast()
                begin(.again(retry), on: connection)
            }
        case .open(let rate, let maximum):
            while nextArrival <= now, nextArrival < period.end, !isExhausted {
                arrive(.first(nextArrival), maximum: maximum)
                nextArrival += max(1, MonotonicClock.nanoseconds(generator.wait(rate: rate)))
            }
            while let retry = retries.popDue(at: now) { arrive(.again(retry), maximum: maximum) }
            while queueHead < queue.count, let connection = free.popLast() { beginQueued(on: connection) }
        }
    }

    /// Ends its connections, which nobody needs when it is over.
    func hangUp() {
        for connection in connections { connection.close() }
    }

    /// Gives up on what has not been answered.
    func abandon() {
        hangUp()
        for _ in 0..<underWay { total.addUnexpected("no answer", example: "given up on") }
        for _ in queueHead..<queue.count { total.addUnexpected("never sent", example: "no connection came free") }
        for _ in 0..<retries.count { total.addUnexpected("no end", example: "was still told to come back") }
        (underWay, queueHead, isExhausted, retries) = (0, queue.count, true, RetryQueue())
    }

    private func arrive(_ due: Due, maximum: Int) {
        if let connection = free.popLast() {
            begin(due, on: connection)
        } else if connections.count < maximum {
            begin(due, on: makeConnection())
        } else {
            queue.append(due)
        }
    }

    private func begin(_ due: Due, on connection: HTTPConnection) {
        switch due {
        case .first(let time): begin(on: connection, intendedStart: time)
        case .again(let retry):
            connection.tag = retry.tag
            connection.intendedStart = retry.due
            connection.firstStart = retry.firstStart
            connection.tries = retry.tries + 1
            underWay += 1
            connection.send(retry.request)
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
            free.append(connection)
            return
        }
        connection.tag = tag
        connection.intendedStart = intendedStart
        connection.firstStart = intendedStart
        connection.tries = 1
        underWay += 1
        begun += 1
        connection.send(request)
    }

    private func ended(_ connection: HTTPConnection, _ ending: HTTPConnection.Ending) {
        let now = clock()
        underWay -= 1
        let outcome = record(connection, ending, at: now)
        switch pace {
        case .closed(_, let rest):
            guard outcome.retryAfter == nil else { return free.append(connection) }
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
        begin(queue[queueHead - 1], on: connection)
    }

    private func record(
        _ connection: HTTPConnection, _ ending: HTTPConnection.Ending, at now: UInt64
    ) -> Outcome {
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
        if let due = nextTry(after: outcome, at: now) {
            retries.insert(
                .init(
                    request: connection.outgoing, tag: connection.tag, due: due, firstStart: connection.firstStart,
                    tries: connection.tries))
        } else {
            let inAll = (now - min(connection.firstStart, now)) / 1000
            total.addEnd(outcome.name, microseconds: inAll, tries: connection.tries)
        }
        if !outcome.isExpected { total.addUnexpected(outcome.name, example: example) }
        // A peak is what was finished in the time; a latency belongs to who was meant to begin in it.
        let moment =
            switch pace {
            case .closed: now
            case .open: connection.intendedStart
            }
        if moment >= period.countedFrom, moment < period.end { tally.add(outcome, microseconds: microseconds) }
        return outcome
    }

    /// When the same request is to be sent again; nil when it is not.
    private func nextTry(after outcome: Outcome, at now: UInt64) -> UInt64? {
        guard let seconds = outcome.retryAfter else { return nil }
        let pause = Double(seconds) + Double.random(in: 0..<1, using: &generator)
        let due = now + MonotonicClock.nanoseconds(pause)
        // A peak is over at its end: to wait for more would only be a rest for the platform.
        if case .closed = pace, due >= period.end { return nil }
        return due
    }
}
