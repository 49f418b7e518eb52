import Contracts
import Testing

@testable import Notifications

/// Every event in every state of a delivery, as one table.
@Suite("A webhook delivery's states and events")
struct WebhookDialogueTests {
    enum State: CaseIterable, Sendable {
        case scheduled, lastStep, parked, manual, manualParked, delivered, failed, exhausted

        /// The plan of the job that is under way, or was the last one.
        var plan: WebhookDelivery.Plan {
            switch self {
            case .lastStep, .exhausted: WebhookDelivery.Plan(serial: 1, step: 10)
            case .manual, .manualParked: WebhookDelivery.Plan(serial: 2, step: nil)
            case .scheduled, .parked, .delivered, .failed: WebhookDelivery.firstPlan
            }
        }
    }

    enum Event: CaseIterable, Sendable {
        case success, failure, overload, gone, refused, staleSuccess, staleFailure, busy, off, endpointEnds, unpark,
            retry
    }

    private static let now = Timestamp.example

    private static func delivery(_ state: State) -> WebhookDelivery {
        let (status, serial, isManual): (WebhookDeliveryStatus, Int, Bool) =
            switch state {
            case .scheduled, .lastStep, .parked: (.pending, 1, false)
            case .manual, .manualParked: (.pending, 2, true)
            case .delivered: (.delivered, 1, false)
            case .failed: (.failed, 1, false)
            case .exhausted: (.exhausted, 1, false)
            }
        let isParked = state == .parked || state == .manualParked
        return WebhookDelivery(
            id: .example, organizationID: .example, endpointID: .example, status: status, serial: serial,
            attemptCount: 3, isManual: isManual, nextAttemptAt: status == .pending ? now : nil,
            parked: isParked ? state.plan : nil)
    }

    /// What an event made of a delivery, in few words.
    private static func happen(
        _ event: Event, to delivery: inout WebhookDelivery, _ plan: WebhookDelivery.Plan
    ) -> String {
        func record(_ verdict: WebhookVerdict, _ plan: WebhookDelivery.Plan) -> String {
            switch delivery.record(verdict, of: plan, schedule: .standard, jitter: 0, at: now) {
            case .nothing: ""
            case .attempt(let next, let time): " next \(next.step ?? 0) in \(time.since(now).milliseconds / 1000)"
            case .disableEndpoint: " disable"
            }
        }
        let stale = WebhookDelivery.Plan(serial: 0, step: 1)
        var effect = ""
        switch event {
        case .success: effect = record(.delivered, plan)
        case .failure: effect = record(.retry(after: nil), plan)
        case .overload: effect = record(.timedOut, plan)
        case .gone: effect = record(.gone, plan)
        case .refused: effect = record(.refused, plan)
        case .staleSuccess: effect = record(.delivered, stale)
        case .staleFailure: effect = record(.retry(after: nil), stale)
        case .busy: delivery.park(plan)
        case .off: delivery.abandon(plan)
        case .endpointEnds: delivery.endWithEndpoint()
        case .unpark: effect = delivery.unpark() == nil ? "" : " job"
        case .retry:
            do {
                effect = try delivery.retry(at: now) == nil ? " under way" : " job"
            } catch {
                effect = " \(error.slug.rawValue)"
            }
        }
        return delivery.status.rawValue + (delivery.parked == nil ? "" : " parked")
            + (delivery.isManual ? " manual" : "")
            + effect
    }

    private static let attempts: Set<Event> = [
        .success, .failure, .overload, .gone, .refused, .staleSuccess, .staleFailure,
    ]

    /// What is not in here leaves the state as it is and causes nothing.
    private static let table: [State: [Event: String]] = [
        .scheduled: [
            .success: "delivered", .failure: "pending next 2 in 5", .overload: "pending next 2 in 60",
            .gone: "failed disable", .refused: "failed", .busy: "pending parked", .off: "failed",
            .endpointEnds: "failed", .retry: "pending conflict",
        ],
        .lastStep: [
            .success: "delivered", .failure: "exhausted", .overload: "exhausted", .gone: "failed disable",
            .refused: "failed", .busy: "pending parked", .off: "failed", .endpointEnds: "failed",
            .retry: "pending conflict",
        ],
        .parked: [
            .success: "delivered", .failure: "pending next 2 in 5", .overload: "pending next 2 in 60",
            .gone: "failed disable", .refused: "failed", .off: "failed", .endpointEnds: "failed",
            .unpark: "pending job", .retry: "pending parked conflict",
        ],
        .manual: [
            .success: "delivered", .failure: "failed", .overload: "failed", .gone: "failed disable",
            .refused: "failed", .busy: "pending parked manual", .off: "failed", .endpointEnds: "failed",
            .retry: "pending manual under way",
        ],
        .manualParked: [
            .success: "delivered", .failure: "failed", .overload: "failed", .gone: "failed disable",
            .refused: "failed", .off: "failed", .endpointEnds: "failed", .unpark: "pending manual job",
            .retry: "pending parked manual under way",
        ],
        .delivered: [.retry: "pending manual job"],
        .failed: [.success: "delivered", .retry: "pending manual job"],
        .exhausted: [.success: "delivered", .retry: "pending manual job"],
    ]

    @Test("Each event does in each state what the table says, and nothing else", arguments: State.allCases)
    func dialogue(state: State) {
        for event in Event.allCases {
            let before = Self.delivery(state)
            var delivery = before
            let outcome = Self.happen(event, to: &delivery, state.plan)
            if let expected = Self.table[state]?[event] {
                #expect(outcome == expected, "\(event)")
            } else {
                let unchanged = delivery.status == before.status && delivery.parked == before.parked
                #expect(unchanged && delivery.nextAttemptAt == before.nextAttemptAt, "\(event): \(outcome)")
            }
            #expect(delivery.attemptCount == 3 + (Self.attempts.contains(event) ? 1 : 0), "\(event)")
            #expect((delivery.status == .pending) == (delivery.nextAttemptAt != nil), "\(event)")
            #expect(delivery.parked == nil || delivery.status == .pending, "\(event)")
        }
    }
}
