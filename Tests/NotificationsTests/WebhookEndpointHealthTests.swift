import Contracts
import Testing

@testable import Notifications

@Suite("How patience with a failing endpoint ends")
struct WebhookEndpointHealthTests {
    private let start = Timestamp.example
    private let day = Duration.seconds(86_400)

    @Test("The first failure begins the count, and only five days of nothing but failure end it")
    func fiveDays() {
        var health = WebhookEndpointHealth()
        #expect(health.fail(at: start) == false)
        #expect(health.failingSince == start)
        #expect(health.fail(at: start + day * 3) == false)
        #expect(health.fail(at: start + day * 5 - .milliseconds(1)) == false)
        #expect(health.failingSince == start)
        #expect(health.fail(at: start + day * 5) == true)
    }

    @Test("A success begins anew")
    func success() {
        var health = WebhookEndpointHealth()
        _ = health.fail(at: start)
        health.succeed()
        #expect(health.failingSince == nil)
        #expect(health.fail(at: start + day * 6) == false)
        #expect(health.fail(at: start + day * 10) == false)
        #expect(health.fail(at: start + day * 11) == true)
    }

    @Test("A success of an endpoint that never failed changes nothing")
    func healthy() {
        var health = WebhookEndpointHealth()
        health.succeed()
        #expect(health == WebhookEndpointHealth())
    }

    @Test("One event's schedule is shorter than the patience: it takes failures of several")
    func longerThanOneSchedule() {
        let longest = WebhookSchedule.standard.delays.reduce(Duration.zero, +) * 12 / 10
        #expect(longest < WebhookEndpointHealth.patience)
    }
}
