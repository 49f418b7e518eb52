import Contracts
import Foundation
import Messaging
import Postgres
import TestSupport
import Testing

@testable import Notifications

@Suite("Retrying a webhook delivery by hand")
struct WebhookRetryTests {
    @Test("A delivery that has ended gets one more attempt, and asking twice makes no second one")
    func again() async throws {
        let server = try await LocalServer(script: PackageResources.webhook_server_py)
        try await NotificationsScene.with { scene in
            let endpoint = try await scene.endpoint(
                "http://127.0.0.1:\(server.port)/status/404", types: [.orderCompleted])
            let first = try await scene.complete(scene.order()).jobs
            let delivery = try await scene.delivery(endpoint.id)
            await #expect(throws: Problem.self, "the schedule still runs") { try await scene.retry(delivery) }
            let scheduled = try await scene.perform(first, with: scene.webhookJob()).jobs
            #expect(scheduled.count == 1)
            _ = try await scene.change(endpoint.id, WebhookEndpointChanges(status: .disabled))
            await #expect(throws: Problem.self, "the endpoint is disabled") { try await scene.retry(delivery) }
            _ = try await scene.change(endpoint.id, WebhookEndpointChanges(status: .enabled))

            let answer = try await scene.retry(delivery)
            #expect(try answer.reply.get().status == .pending)
            #expect(answer.effects.jobs.count == 1)
            let repeated = try await scene.retry(delivery)
            #expect(try repeated.reply.get() == answer.reply.get())
            #expect(repeated.effects.jobs.isEmpty)

            // What the schedule had planned comes late and is off; the attempt asked for fails and plans nothing.
            #expect(try await scene.perform(scheduled, with: scene.webhookJob()).jobs.isEmpty)
            #expect(try await scene.delivery(endpoint.id).attempts.count == 1)
            #expect(try await scene.perform(answer.effects.jobs, with: scene.webhookJob()).jobs.isEmpty)
            #expect(try await scene.delivery(endpoint.id).status == .failed)

            _ = try await scene.change(
                endpoint.id, WebhookEndpointChanges(url: "http://127.0.0.1:\(server.port)/ok"))
            let third = try await scene.retry(delivery).effects.jobs
            #expect(try await scene.perform(third, with: scene.webhookJob()).jobs.isEmpty)
            let ended = try await scene.delivery(endpoint.id)
            #expect(ended.status == .delivered)
            #expect(ended.attempts.map(\.statusCode) == [404, 404, 200])
            // What was delivered may be sent again too.
            #expect(try await scene.retry(delivery).effects.jobs.count == 1)
        }
    }

    @Test("A delivery of another endpoint, or of none, is not found")
    func notFound() async throws {
        try await NotificationsScene.with { scene in
            let endpoint = try await scene.endpoint(types: [.orderCompleted])
            let other = try await scene.endpoint(types: [.ticketIssued])
            try await scene.complete(scene.order())
            let delivery = try await scene.delivery(endpoint.id)
            for (endpointID, deliveryID) in [
                (other.id, delivery.id), (endpoint.id, WebhookDeliveryID(UUID())),
                (WebhookEndpointID(UUID()), delivery.id),
            ] {
                let request = RetryWebhookDelivery(endpointID: endpointID, deliveryID: deliveryID)
                #expect(try await scene.refusal(request, of: RetryWebhookDeliveryHandler()) == .notFound)
            }
            let stranger = OrganizationID(UUID())
            let request = RetryWebhookDelivery(endpointID: endpoint.id, deliveryID: delivery.id)
            #expect(
                try await scene.refusal(request, of: RetryWebhookDeliveryHandler(), as: stranger) == .notFound)
        }
    }

    @Test("Facts stay facts: no role changes them, and only the service's own, for its retention, deletes webhooks")
    func immutable() async throws {
        try await NotificationsScene.with { scene in
            try await scene.endpoint()
            try await scene.complete(scene.order())
            let service = scene.database.serviceScope
            let tenant = scene.database.tenantScope(scene.organizationID)
            let refused = [
                (service, "DELETE FROM delivery_attempts"), (service, "UPDATE delivery_attempts SET number = number"),
                (service, "UPDATE webhook_events SET payload = 'x'"),
                (service, "UPDATE webhook_attempts SET number = number"),
                (tenant, "DELETE FROM webhook_events"), (tenant, "DELETE FROM webhook_attempts"),
                (tenant, "DELETE FROM webhook_delivery_logs"), (tenant, "DELETE FROM delivery_attempts"),
                (tenant, "UPDATE webhook_events SET payload = 'x'"),
            ]
            for (scope, sql) in refused {
                await #expect(throws: (any Error).self, "\(sql)") {
                    try await scene.database.client.withTransaction(scope: scope) { transaction in
                        try transaction.execute("\(unescaped: sql)")
                    }
                }
            }
        }
    }
}
