/// The one thread of the generator: sends what is due, takes what has come, and looks at the clock in between.
final class Reactor {
    let poller: Poller
    /// Called about once a second while loads run.
    var everySecond: () -> Void = {}
    private var appointments: [(moment: UInt64, action: () -> Void)] = []

    init() throws {
        poller = try Poller()
    }

    /// Has something done at a moment of the next run.
    func schedule(at moment: UInt64, _ action: @escaping () -> Void) {
        appointments.append((moment, action))
        appointments.sort { $0.moment > $1.moment }
    }

    /// Runs the loads until all are over.
    /// - Parameter patience: seconds after the end of the last period for answers that are still to come.
    func run(_ loads: [Load], patience: Double = 60) {
        defer {
            // A load that ended early has its appointments kept all the same.
            for appointment in appointments.reversed() { appointment.action() }
            appointments = []
        }
        let last = (loads.map(\.period.end).max() ?? 0) + MonotonicClock.nanoseconds(patience)
        var nextSecond = MonotonicClock.now + MonotonicClock.second
        while !loads.allSatisfy(\.isOver) {
            let now = MonotonicClock.now
            if now > last { return loads.forEach { $0.abandon() } }
            if now >= nextSecond {
                everySecond()
                nextSecond = now + MonotonicClock.second
            }
            while let next = appointments.last, next.moment <= now {
                appointments.removeLast()
                next.action()
            }
            for load in loads { load.advance(to: now) }
            let appointed = min(nextSecond, appointments.last?.moment ?? nextSecond)
            let wake = loads.reduce(appointed) { $1.isOver ? $0 : min($0, $1.nextMoment) }
            let after = MonotonicClock.now
            // Answers are all that is waited for after the end.
            let isLate = wake <= after && loads.allSatisfy { $0.period.end <= after }
            poller.poll(atMost: isLate ? MonotonicClock.second / 20 : wake > after ? wake - after : 0)
        }
    }

    /// Takes what comes for so many seconds.
    func idle(_ seconds: Double) {
        let end = MonotonicClock.now + MonotonicClock.nanoseconds(seconds)
        while true {
            let now = MonotonicClock.now
            guard now < end else { return }
            poller.poll(atMost: end - now)
        }
    }

    /// Sends one request and waits for the answer.
    /// - Throws: when the connection ends first, or after 60 s.
    func ask<Answer>(_ port: UInt16, _ request: [UInt8], _ read: @escaping (Reply) throws -> Answer) throws -> Answer {
        var result: Result<Answer, any Error>?
        let connection = HTTPConnection(poller, port: port) { _, ending in
            switch ending {
            case .answered(let reply): result = Result { try read(reply) }
            case .broken(let reason): result = .failure(BenchError("port \(port): \(reason)"))
            }
        }
        defer { connection.close() }
        connection.send(request)
        let end = MonotonicClock.now + 60 * MonotonicClock.second
        while result == nil, MonotonicClock.now < end { poller.poll(atMost: MonotonicClock.second / 10) }
        guard let result else { throw BenchError("port \(port) did not answer in 60 s") }
        return try result.get()
    }
}
