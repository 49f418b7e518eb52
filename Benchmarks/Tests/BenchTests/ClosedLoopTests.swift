import Testing

@testable import Bench

/// A closed loop of buyers against a platform that is made up here, at a time that is set by hand.
@Suite("A closed loop")
struct ClosedLoopTests {
    /// A platform that gives the answers one after the other, the last one to all who come later, and keeps what it was
    /// asked.
    private final class Platform: LocalServer.Session {
        static let busy = answer(
            "429 Too Many Requests\r\nRetry-After: 2", #"{"type":"https://voelgoed.events/problems/rate-limited"}"#)
        static let sold = answer("202 Accepted", #"{"state":"completed"}"#)

        let greeting: [UInt8] = []
        private(set) var requests: [String] = []
        private let answers: [String]

        init(_ answers: String...) {
            self.answers = answers
        }

        func take(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
            requests.append(String(decoding: bytes, as: UTF8.self))
            return Array(answers[min(requests.count, answers.count) - 1].utf8)
        }

        private static func answer(_ status: String, _ body: String) -> String {
            "HTTP/1.1 \(status)\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
        }
    }

    private final class HandClock {
        var now: UInt64 = 0
    }

    private let poller: Poller
    private let platform: Platform
    private let server: LocalServer
    private let clock = HandClock()
    private let checkouts = Checkouts(
        [.init(key: "key", eventID: "event", occurrenceID: "occurrence", ticketTypeID: "type", places: 10)], seed: 1)

    init() throws {
        let poller = try Poller()
        let platform = Platform(Platform.busy, Platform.busy, Platform.sold)
        server = try LocalServer(poller) { platform }
        (self.poller, self.platform) = (poller, platform)
    }

    /// A load from second 0 on that counts from second 1 on.
    private func makeLoad(clients: Int, seconds: Double) -> Load {
        let period = Load.Period(
            begin: 0, countedFrom: MonotonicClock.second, end: MonotonicClock.nanoseconds(seconds))
        let clock = clock
        return Load(
            checkouts, pace: .closed(clients: clients), period: period, poller: poller, ports: [server.port], seed: 1
        ) { clock.now }
    }

    /// Begins what is due at the second, and takes answers until the load has had so many in all.
    private func advance(_ load: Load, to seconds: Double, answers: Int) throws {
        clock.now = MonotonicClock.nanoseconds(seconds)
        load.advance(to: clock.now)
        var polls = 0
        while load.total.lines.values.reduce(0, { $0 + $1.count }) < answers {
            polls += 1
            try #require(polls <= 100, "no answer came")
            poller.poll(atMost: MonotonicClock.second / 10)
        }
    }

    @Test("Who is told to come back rests that long and sends the same request again")
    func comesBack() throws {
        checkouts.limit = 1
        let load = makeLoad(clients: 1, seconds: 60)
        try advance(load, to: 0, answers: 1)
        #expect(platform.requests.count == 1)
        #expect(load.nextMoment >= 2 * MonotonicClock.second && load.nextMoment < 3 * MonotonicClock.second)
        try advance(load, to: 1.9, answers: 1)
        #expect(!load.isOver && platform.requests.count == 1)
        try advance(load, to: 3, answers: 2)
        // It came at second 3 for the second time, and is told to come between 5 and 6.
        try advance(load, to: 6, answers: 3)
        #expect(platform.requests.count == 3 && Set(platform.requests).count == 1)
        #expect(load.begun == 1 && load.total.counted == 1 && load.total.mostTries == 3)
        clock.now = 60 * MonotonicClock.second
        #expect(load.isOver && load.total.unexpected.isEmpty)
    }

    @Test("Each try is counted from its own intended start, and the time in all from the first")
    func latencies() throws {
        checkouts.limit = 1
        let load = makeLoad(clients: 1, seconds: 60)
        try advance(load, to: 0, answers: 1)
        let second = load.nextMoment
        try advance(load, to: 4, answers: 2)
        let third = load.nextMoment
        try advance(load, to: 8, answers: 3)
        let late = [4 * MonotonicClock.second - second, 8 * MonotonicClock.second - third].map { Double($0) / 1e6 }
        // Of three digits: the histogram keeps no more.
        #expect(abs(load.total.latencies([Checkouts.comeBack]).maximum - late[0]) < late[0] / 500)
        #expect(abs(load.total.latencies(["completed"]).maximum - late[1]) < late[1] / 500)
        #expect(abs(load.total.latenciesInAll(["completed"]).maximum - 8000) < 16)
        #expect(load.total.latenciesInAll([Checkouts.comeBack]).count == 0)
        // The first answer came before the counted period.
        #expect(load.tally.count(Checkouts.comeBack) == 1 && load.tally.counted == 1)
    }

    @Test("Nobody takes the place of a buyer who rests, and the limit counts buyers, not tries")
    func limit() throws {
        checkouts.limit = 3
        let load = makeLoad(clients: 2, seconds: 60)
        try advance(load, to: 0, answers: 2)
        #expect(load.begun == 2 && platform.requests.count == 2)
        try advance(load, to: 1.9, answers: 2)
        #expect(load.begun == 2)
        // Both come back and buy, and the third comes after the first of them.
        try advance(load, to: 3, answers: 5)
        #expect(load.begun == 3 && load.total.counted == 3 && load.isOver)
        #expect(Set(platform.requests).count == 3 && platform.requests.count == 5)
    }

    @Test("Who would come back after the end stays away")
    func end() throws {
        let load = makeLoad(clients: 2, seconds: 1.5)
        try advance(load, to: 0, answers: 2)
        #expect(!load.isOver && load.nextMoment == load.period.end)
        try advance(load, to: 1.5, answers: 2)
        #expect(load.isOver && load.total.counted == 0)
        #expect(load.total.latenciesInAll([Checkouts.comeBack]).count == 2)
    }
}
