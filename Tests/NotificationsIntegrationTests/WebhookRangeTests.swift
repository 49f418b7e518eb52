import Contracts
import Foundation
import Messaging
import Postgres
import TestSupport
import Testing

@testable import Notifications

@Suite("Webhooks of a stretch of time")
struct WebhookRangeTests {
    private let start = NotificationsScene.now

    /// An endpoint with one delivery an hour: failed, exhausted, delivered, pending.
    private func endpoint(_ scene: NotificationsScene) async throws -> WebhookEndpointDetails {
        let endpoint = try await scene.endpoint(types: [.orderCompleted])
        for (hour, status) in ["failed", "exhausted", "delivered", "pending"].enumerated() {
            let now = start + .seconds(3600 * hour)
            try await scene.complete(scene.order(), at: now)
            guard status != "pending" else { continue }
            _ = try await scene.database.client.query(
                """
                UPDATE webhook_delivery_logs SET status = \(status), next_attempt_at = NULL WHERE created_at = \(now)
                """)
        }
        return endpoint
    }

    private func retry(
        _ scene: NotificationsScene, _ endpointID: WebhookEndpointID, from: Timestamp, until: Timestamp? = nil,
        statuses: [WebhookDeliveryStatus] = [.failed, .exhausted], cursor: String? = nil
    ) async throws -> Answer<WebhookRetrySummary> {
        try await scene.ask(
            RetryWebhookDeliveries(
                endpointID: endpointID, from: from, until: until, statuses: statuses, cursor: cursor),
            of: RetryWebhookDeliveriesHandler(), at: start + .seconds(86_400))
    }

    @Test("What failed is tried again, and what is pending already stays as it is")
    func failed() async throws {
        try await NotificationsScene.with { scene in
            let endpoint = try await endpoint(scene)
            let answer = try await retry(scene, endpoint.id, from: start)
            #expect(try answer.reply.get() == WebhookRetrySummary(retriedCount: 2, hasMore: false))
            #expect(answer.effects.jobs.count == 2)
            #expect(
                try await scene.deliveries(endpoint.id).map(\.status) == [.pending, .delivered, .pending, .pending])
            // A repetition finds them on their way.
            #expect(try await retry(scene, endpoint.id, from: start).reply.get().retriedCount == 0)
        }
    }

    @Test("The times and the statuses bound what is tried again")
    func bounded() async throws {
        try await NotificationsScene.with { scene in
            let endpoint = try await endpoint(scene)
            let hour = Duration.seconds(3600)
            let second = try await retry(scene, endpoint.id, from: start + hour, until: start + hour * 2).reply.get()
            #expect(second.retriedCount == 1)
            let third = try await retry(
                scene, endpoint.id, from: start, until: start + hour * 9, statuses: [.delivered]
            ).reply.get()
            #expect(third.retriedCount == 1)
            #expect(try await scene.deliveries(endpoint.id).map(\.status) == [.pending, .pending, .pending, .failed])
        }
    }

    @Test("At most a thousand at a time, and the answer says where to go on")
    func pages() async throws {
        try await NotificationsScene.with { scene in
            let endpoint = try await scene.endpoint(types: [.orderCompleted])
            for _ in 0..<11 {
                try await scene.hear((0..<100).map { _ in scene.order(tickets: 1) }, by: OrderCompletedHandler())
            }
            _ = try await scene.database.client.query(
                "UPDATE webhook_delivery_logs SET status = 'failed', next_attempt_at = NULL")
            let first = try await retry(scene, endpoint.id, from: start).reply.get()
            #expect(first.retriedCount == 1000)
            #expect(first.hasMore)
            let cursor = try #require(first.nextCursor)
            let second = try await retry(scene, endpoint.id, from: start, cursor: cursor)
            #expect(try second.reply.get() == WebhookRetrySummary(retriedCount: 100, hasMore: false))
            #expect(second.effects.jobs.count == 100)
        }
    }

    @Test("A disabled endpoint, another organisation's, a pending status and a wrong stretch of time are refused")
    func refused() async throws {
        try await NotificationsScene.with { scene in
            let endpoint = try await endpoint(scene)
            let handler = RetryWebhookDeliveriesHandler()
            var request = RetryWebhookDeliveries(endpointID: endpoint.id, from: start, statuses: [.failed])
            #expect(try await scene.refusal(request, of: handler, as: OrganizationID(UUID())) == .notFound)
            request.statuses = [.pending]
            #expect(try await scene.refusal(request, of: handler) == .validationFailed)
            request.statuses = []
            #expect(try await scene.refusal(request, of: handler) == .validationFailed)
            request.statuses = [.failed]
            request.until = start
            #expect(try await scene.refusal(request, of: handler) == .validationFailed)
            request.until = nil
            request.cursor = "x"
            #expect(try await scene.refusal(request, of: handler) == .validationFailed)
            request.cursor = nil
            _ = try await scene.change(endpoint.id, WebhookEndpointChanges(status: .disabled))
            #expect(try await scene.refusal(request, of: handler) == .conflict)
        }
    }

    @Test("The list of deliveries shows those of a status and of a stretch of time")
    func listed() async throws {
        try await NotificationsScene.with { scene in
            let endpoint = try await endpoint(scene)
            func list(
                _ status: WebhookDeliveryStatus? = nil, from: Timestamp? = nil, until: Timestamp? = nil
            ) async throws -> [WebhookDeliveryStatus] {
                try await scene.ask(
                    ListWebhookDeliveries(
                        endpointID: endpoint.id, page: PageRequest(), status: status, from: from, until: until),
                    of: ListWebhookDeliveriesHandler()
                ).reply.get().data.map(\.status)
            }
            let hour = Duration.seconds(3600)
            #expect(try await list(.exhausted) == [.exhausted])
            #expect(try await list(from: start + hour * 2) == [.pending, .delivered])
            #expect(try await list(until: start + hour) == [.failed])
            #expect(try await list(.delivered, from: start + hour, until: start + hour * 3) == [.delivered])
            #expect(try await list(.delivered, from: start, until: start + hour) == [])
            let wrong = ListWebhookDeliveries(
                endpointID: endpoint.id, page: PageRequest(), from: start, until: start)
            #expect(try await scene.refusal(wrong, of: ListWebhookDeliveriesHandler()) == .validationFailed)
        }
    }

    @Test("Deliveries go some time after their end with their attempts and events; what is pending stays")
    func retention() async throws {
        try await NotificationsScene.with { scene in
            let endpoint = try await endpoint(scene)
            _ = try await scene.database.client.query(
                """
                INSERT INTO webhook_attempts
                    (delivery_id, organization_id, number, attempted_at, status_code, duration_milliseconds)
                SELECT id, organization_id, 1, created_at, 200, 1 FROM webhook_delivery_logs
                """)
            let sweep = WebhookRetention(keep: .seconds(30 * 86_400), limit: 1)
            let early = start + .seconds(30 * 86_400)
            #expect(try await !scene.database.run(sweep, at: early).hasMore)
            #expect(try await scene.count("webhook_delivery_logs") == 4)
            let late = early + .seconds(86_400)
            while try await scene.database.run(sweep, at: late).hasMore {}
            #expect(try await scene.deliveries(endpoint.id).map(\.status) == [.pending])
            #expect(try await scene.count("webhook_attempts") == 1)
            #expect(try await scene.count("webhook_events") == 1)
        }
    }
}
