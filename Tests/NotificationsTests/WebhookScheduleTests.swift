import Contracts
import Testing

@testable import Notifications

@Suite("When webhooks are tried again")
struct WebhookScheduleTests {
    private let schedule = WebhookSchedule.standard

    @Test("Ten attempts spread over 75 hours and 35 minutes, as Standard Webhooks proposes")
    func spread() {
        let delays = (1...10).map { schedule.delay(beforeAttempt: $0, jitter: 0) }
        #expect(delays.first == .zero)
        #expect(delays[1] == .seconds(5))
        let total = delays.reduce(Duration.zero) { $0 + ($1 ?? .zero) }
        #expect(total == Duration.seconds(75 * 3600 + 35 * 60 + 5))
        #expect(schedule.delay(beforeAttempt: 11, jitter: 0) == nil)
    }

    @Test("Jitter moves a delay by a fifth at most, either way")
    func jitter() {
        #expect(schedule.delay(beforeAttempt: 3, jitter: schedule.jitters.lowerBound) == .seconds(240))
        #expect(schedule.delay(beforeAttempt: 3, jitter: schedule.jitters.upperBound) == .seconds(360))
    }

    @Test("An endpoint is not asked earlier than it said, and may ask for an hour or for twice the delay")
    func retryAfter() {
        #expect(schedule.delay(beforeAttempt: 2, jitter: -200, retryAfter: .seconds(30)) == .seconds(30))
        #expect(schedule.delay(beforeAttempt: 3, jitter: -200, retryAfter: .seconds(400)) == .seconds(400))
        #expect(schedule.delay(beforeAttempt: 3, jitter: 0, retryAfter: .seconds(86_400)) == .seconds(3600))
        #expect(schedule.delay(beforeAttempt: 5, jitter: 0, retryAfter: .seconds(86_400)) == .seconds(14_400))
        #expect(schedule.delay(beforeAttempt: 3, jitter: 0, retryAfter: .seconds(1)) == .seconds(300))
        #expect(schedule.delay(beforeAttempt: 3, jitter: -200, retryAfter: .seconds(1)) == .seconds(240))
    }

    @Test("An endpoint that gets too much is left alone for a minute at least")
    func overloaded() {
        #expect(schedule.delay(beforeAttempt: 2, jitter: -200, isOverloaded: true) == .seconds(60))
        #expect(schedule.delay(beforeAttempt: 2, jitter: 200, isOverloaded: true) == .seconds(72))
        #expect(
            schedule.delay(beforeAttempt: 2, jitter: 0, retryAfter: .seconds(90), isOverloaded: true) == .seconds(90))
        #expect(schedule.delay(beforeAttempt: 3, jitter: -200, isOverloaded: true) == .seconds(240))
    }

    @Test(
        "Only 2xx counts as delivered, and 410 as the end",
        arguments: [
            (200, WebhookVerdict.delivered), (204, .delivered), (299, .delivered), (199, .retry(after: nil)),
            (301, .retry(after: nil)), (400, .retry(after: nil)), (404, .retry(after: nil)), (410, .gone),
            (408, .retry(after: .seconds(7))), (500, .retry(after: .seconds(7))), (503, .retry(after: .seconds(7))),
            (429, .retry(after: .seconds(7), isOverloaded: true)),
            (502, .retry(after: .seconds(7), isOverloaded: true)),
            (504, .retry(after: .seconds(7), isOverloaded: true)),
        ])
    func verdicts(status: Int, verdict: WebhookVerdict) {
        #expect(WebhookVerdict(status: status, retryAfter: "7", at: .example) == verdict)
    }

    @Test(
        "A Retry-After that is neither seconds nor a date is ignored",
        arguments: ["soon", "-1", "+5", "1.5", "", "7 s", "2026-11-21T19:30:00Z"])
    func strangeRetryAfter(header: String) {
        #expect(WebhookVerdict(status: 503, retryAfter: header, at: .example) == .retry(after: nil))
    }

    @Test("Both forms of Retry-After are read, a date against the time of the attempt")
    func retryAfterForms() throws {
        let time = try #require(Timestamp("2026-11-21T19:30:00Z"))
        func wait(_ header: String) -> WebhookVerdict { WebhookVerdict(status: 503, retryAfter: header, at: time) }
        #expect(wait("120") == .retry(after: .seconds(120)))
        #expect(wait("0") == .retry(after: .zero))
        #expect(wait("99999999999999999999") == .retry(after: .seconds(86_400)))
        #expect(wait("Sat, 21 Nov 2026 19:32:00 GMT") == .retry(after: .seconds(120)))
        #expect(wait("Saturday, 21-Nov-26 19:32:00 GMT") == .retry(after: .seconds(120)))
        #expect(wait("Sat Nov 21 19:32:00 2026") == .retry(after: .seconds(120)))
        #expect(wait("Sat, 21 Nov 2026 19:00:00 GMT") == .retry(after: .zero))
        #expect(wait("Mon, 21 Nov 2050 19:00:00 GMT") == .retry(after: .seconds(86_400)))
    }

    @Test("A mail is tried again ever more slowly, and for three days")
    func mail() throws {
        let order = Timestamp.example
        let first = try #require(MailSchedule.next(afterFailures: 1, since: order, at: order))
        #expect(first == order + .seconds(5))
        let later = order + .seconds(86_400)
        #expect(MailSchedule.next(afterFailures: 20, since: order, at: later) == later + .seconds(3600))
        let tooLate = order + .seconds(3 * 86_400)
        #expect(MailSchedule.next(afterFailures: 80, since: order, at: tooLate) == nil)
        // An order that is heard of after three days gets its tries all the same.
        #expect(MailSchedule.next(afterFailures: 1, since: order, at: tooLate) == tooLate + .seconds(5))
    }
}
