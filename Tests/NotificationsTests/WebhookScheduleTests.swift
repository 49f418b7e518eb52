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

    @Test("An endpoint may ask for twice the delay, and is not asked earlier than it said")
    func retryAfter() {
        #expect(schedule.delay(beforeAttempt: 3, jitter: -200, retryAfter: .seconds(400)) == .seconds(400))
        #expect(schedule.delay(beforeAttempt: 3, jitter: 0, retryAfter: .seconds(86_400)) == .seconds(600))
        #expect(schedule.delay(beforeAttempt: 3, jitter: 0, retryAfter: .seconds(1)) == .seconds(300))
    }

    @Test(
        "Only 2xx counts as delivered, and 410 as the end",
        arguments: [
            (200, WebhookVerdict.delivered), (204, .delivered), (299, .delivered), (199, .retry(after: nil)),
            (301, .retry(after: nil)), (400, .retry(after: nil)), (404, .retry(after: nil)), (410, .gone),
            (500, .retry(after: nil)), (429, .retry(after: .seconds(7))), (503, .retry(after: .seconds(7))),
        ])
    func verdicts(status: Int, verdict: WebhookVerdict) {
        #expect(WebhookVerdict(status: status, retryAfter: "7") == verdict)
    }

    @Test(
        "A Retry-After that is no number of seconds is ignored", arguments: ["soon", "-1", "99999999999999999999", ""])
    func strangeRetryAfter(header: String) {
        #expect(WebhookVerdict(status: 429, retryAfter: header) == .retry(after: nil))
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
