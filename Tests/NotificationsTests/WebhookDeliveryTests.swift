import Contracts
import Foundation
import Testing

@testable import Notifications

@Suite("The course of a webhook delivery")
struct WebhookDeliveryTests {
    private let now = Timestamp.example

    private func begun() -> WebhookDelivery {
        WebhookDelivery(beginning: .example, organizationID: .example, endpointID: .example, at: now)
    }

    private func record(
        _ verdict: WebhookVerdict, _ plan: WebhookDelivery.Plan, on delivery: inout WebhookDelivery
    ) -> WebhookDelivery.FollowUp {
        delivery.record(verdict, of: plan, schedule: .standard, jitter: 0, at: now)
    }

    @Test("It begins pending, is delivered once, and a repeated answer changes nothing")
    func delivered() {
        var delivery = begun()
        #expect(delivery.status == .pending)
        #expect(record(.delivered, WebhookDelivery.firstPlan, on: &delivery) == .nothing)
        #expect(delivery.status == .delivered)
        #expect(delivery.nextAttemptAt == nil)
        #expect(record(.retry(after: nil), WebhookDelivery.firstPlan, on: &delivery) == .nothing)
        #expect(delivery.status == .delivered)
        #expect(delivery.attemptCount == 2)
    }

    @Test("Failures follow the schedule to its end")
    func exhausted() {
        var delivery = begun()
        var plan = WebhookDelivery.firstPlan
        for step in 2...10 {
            guard case .attempt(let next, let time) = record(.retry(after: nil), plan, on: &delivery) else {
                Issue.record("attempt \(step) is missing")
                return
            }
            #expect(next == WebhookDelivery.Plan(serial: 1, step: step))
            #expect(delivery.nextAttemptAt == time)
            plan = next
        }
        #expect(record(.retry(after: nil), plan, on: &delivery) == .nothing)
        #expect(delivery.status == .exhausted)
        #expect(delivery.attemptCount == 10)
    }

    @Test("410 fails the delivery and disables the endpoint; an address that is not allowed only fails it")
    func refused() {
        var gone = begun()
        #expect(record(.gone, WebhookDelivery.firstPlan, on: &gone) == .disableEndpoint)
        #expect(gone.status == .failed)
        var denied = begun()
        #expect(record(.refused, WebhookDelivery.firstPlan, on: &denied) == .nothing)
        #expect(denied.status == .failed)
    }

    @Test("A parked attempt keeps its place in the schedule and in the queue, and begins once")
    func parked() {
        var delivery = begun()
        delivery.park(WebhookDelivery.firstPlan)
        #expect(delivery.parked == WebhookDelivery.firstPlan)
        #expect(delivery.status == .pending)
        #expect(delivery.attemptCount == 0)
        #expect(delivery.nextAttemptAt == now)
        #expect(delivery.unpark() == WebhookDelivery.firstPlan)
        #expect(delivery.unpark() == nil)
        #expect(delivery == begun())
    }

    @Test("A plan that counts no more is not parked")
    func staleParking() throws {
        var delivery = begun()
        delivery.abandon(WebhookDelivery.firstPlan)
        delivery.park(WebhookDelivery.firstPlan)
        #expect(delivery.parked == nil)
        let plan = try #require(try delivery.retry(at: now))
        delivery.park(WebhookDelivery.firstPlan)
        #expect(delivery.parked == nil)
        delivery.park(plan)
        #expect(delivery.parked == plan)
    }

    @Test("What was abandoned has failed, and a 2xx that was on its way makes it delivered after all")
    func abandoned() {
        var delivery = begun()
        delivery.abandon(WebhookDelivery.firstPlan)
        #expect(delivery.status == .failed)
        delivery.park(WebhookDelivery.firstPlan)
        #expect(delivery.parked == nil)
        #expect(record(.delivered, WebhookDelivery.firstPlan, on: &delivery) == .nothing)
        #expect(delivery.status == .delivered)
    }

    @Test("A retry that somebody asks for is one attempt, and overrides what was planned before")
    func manual() throws {
        var delivery = begun()
        delivery.abandon(WebhookDelivery.firstPlan)
        let plan = try #require(try delivery.retry(at: now))
        #expect(plan == WebhookDelivery.Plan(serial: 2, step: nil))
        #expect(try delivery.retry(at: now) == nil)
        // The job that was planned before the end comes late.
        #expect(record(.retry(after: nil), WebhookDelivery.firstPlan, on: &delivery) == .nothing)
        #expect(delivery.status == .pending)
        #expect(record(.retry(after: nil), plan, on: &delivery) == .nothing)
        #expect(delivery.status == .failed)
        #expect(!delivery.isManual)
    }

    @Test("Nobody may ask for a retry while the schedule runs")
    func pending() {
        var delivery = begun()
        #expect(throws: Problem.self) { try delivery.retry(at: now) }
    }
}
