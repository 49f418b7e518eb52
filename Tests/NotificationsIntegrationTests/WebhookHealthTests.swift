import Contracts
import Foundation
import Messaging
import TestSupport
import Testing

@testable import Notifications

/// Time is what the test says it is.
@Suite("Endpoints that fail for days")
struct WebhookHealthTests {
    private let start = NotificationsScene.now
    private let day = Duration.seconds(86_400)

    private func address(_ scene: NotificationsScene, _ email: String?, version: Int = 1) async throws {
        var organization = OrganizationChanged.example
        organization.organizationID = scene.organizationID
        organization.contactEmail = email
        organization.version = version
        try await scene.hear([organization], by: OrganizationChangedHandler())
    }

    /// Sends an order's webhook once, at a time.
    private func attempt(_ scene: NotificationsScene, at now: Timestamp) async throws -> [NewJob] {
        let jobs = try await scene.complete(scene.order(), at: now).jobs.ofKind(DeliverWebhookJob.kind)
        return try await scene.perform(jobs, with: scene.webhookJob(), at: now).jobs
    }

    @Test("Nothing but failure for five days disables the endpoint, ends what is pending, and tells the organiser")
    func failing() async throws {
        let server = try await LocalServer(script: PackageResources.webhook_server_py)
        let relay = try await LocalServer(script: PackageResources.mail_relay_py)
        try await NotificationsScene.with { scene in
            try await address(scene, "office@example.org")
            let url = "http://127.0.0.1:\(server.port)/status/500"
            let endpoint = try await scene.endpoint(url, types: [.orderCompleted])
            let witness = try await scene.endpoint(types: [.webhookEndpointDisabled])
            _ = try await attempt(scene, at: start)
            #expect(try await scene.shown(endpoint.id).failingSince == start)
            _ = try await attempt(scene, at: start + day * 3)
            _ = try await attempt(scene, at: start + day * 5 - .milliseconds(1))
            #expect(try await scene.shown(endpoint.id).status == .enabled)
            let end = start + day * 5
            let effects = try await scene.announcing([Effects(jobs: try await attempt(scene, at: end))], at: end)

            let shown = try await scene.shown(endpoint.id)
            #expect(shown.status == .disabled)
            #expect(shown.disabledReason == .failing)
            #expect(shown.disabledAt == end)
            #expect(shown.failingSince == start)
            #expect(try await scene.deliveries(endpoint.id).allSatisfy { $0.status == .failed })
            #expect(try await scene.deliveries(endpoint.id).count == 4)

            // The other endpoint hears of it, and the contact gets a letter.
            let told = try await scene.delivery(witness.id)
            #expect(told.eventType == .webhookEndpointDisabled)
            #expect(told.payload["data"]?["endpoint_id"] == .string(endpoint.id.description))
            #expect(told.payload["data"]?["reason"] == .string("failing"))
            let letters = effects.jobs.ofKind(MailLetterJob.kind)
            #expect(letters.count == 1)
            let deliveries = effects.jobs.compactMap { $0.payload as? DeliverWebhookJob.Payload }
            #expect(deliveries.filter { $0.endpointID == witness.id }.count == 1)
            try await scene.perform(letters, with: try scene.letterJob(relayPort: relay.port))
            let mail = try JSONDecoder().decode(ReceivedMail.self, from: Data(try await relay.nextLine().utf8))
            #expect(mail.recipients == ["office@example.org"])
            #expect(mail.subject == "Webhooks to \(url) were stopped")
            #expect(mail.text.contains("has failed for five days"))
            #expect(mail.text.contains(endpoint.id.description))

            // Enabled again, it begins without a past.
            let enabled = try await scene.change(endpoint.id, WebhookEndpointChanges(status: .enabled), at: end)
            #expect(enabled.disabledReason == nil && enabled.disabledAt == nil && enabled.failingSince == nil)
            _ = try await attempt(scene, at: end + day * 6)
            #expect(try await scene.shown(endpoint.id).status == .enabled)
        }
    }

    @Test("A success in between begins the five days anew")
    func recovered() async throws {
        let server = try await LocalServer(script: PackageResources.webhook_server_py)
        try await NotificationsScene.with { scene in
            let endpoint = try await scene.endpoint(
                "http://127.0.0.1:\(server.port)/status/500", types: [.orderCompleted])
            _ = try await attempt(scene, at: start)
            _ = try await scene.change(
                endpoint.id, WebhookEndpointChanges(url: "http://127.0.0.1:\(server.port)/ok"))
            #expect(try await scene.shown(endpoint.id).failingSince == start)
            _ = try await attempt(scene, at: start + day * 4)
            #expect(try await scene.shown(endpoint.id).failingSince == nil)
            _ = try await scene.change(
                endpoint.id, WebhookEndpointChanges(url: "http://127.0.0.1:\(server.port)/status/500"))
            _ = try await attempt(scene, at: start + day * 6)
            _ = try await attempt(scene, at: start + day * 10)
            #expect(try await scene.shown(endpoint.id).status == .enabled)
        }
    }

    @Test("Without an address only the API tells of it; an older address replaces no newer one")
    func addresses() async throws {
        let server = try await LocalServer(script: PackageResources.webhook_server_py)
        try await NotificationsScene.with { scene in
            let endpoint = try await scene.endpoint(
                "http://127.0.0.1:\(server.port)/gone", types: [.orderCompleted])
            try await address(scene, nil, version: 3)
            try await address(scene, "old@example.org", version: 2)
            #expect(try await attempt(scene, at: start).isEmpty)
            let shown = try await scene.shown(endpoint.id)
            #expect(shown.disabledReason == .gone)
            #expect(shown.disabledAt == start)
            #expect(try await scene.count("notifications WHERE letter IS NOT NULL") == 0)

            try await address(scene, "new@example.org", version: 4)
            _ = try await scene.change(endpoint.id, WebhookEndpointChanges(status: .enabled))
            #expect(try await attempt(scene, at: start).map(\.kind) == [MailLetterJob.kind])
            #expect(
                try await scene.texts("SELECT recipient FROM notifications WHERE letter IS NOT NULL")
                    == ["new@example.org"])
        }
    }

    @Test("Two answers of 410 disable once and are told of once")
    func goneTwice() async throws {
        let server = try await LocalServer(script: PackageResources.webhook_server_py)
        try await NotificationsScene.with { scene in
            try await address(scene, "office@example.org")
            let endpoint = try await scene.endpoint(
                "http://127.0.0.1:\(server.port)/gone", types: [.orderCompleted])
            let jobs = try await scene.complete(scene.order(), scene.order()).jobs.ofKind(DeliverWebhookJob.kind)
            let job = scene.webhookJob()
            var performed: [Performed<DeliverWebhookJob.Payload, DeliverWebhookJob.Outcome>] = []
            for case let payload as DeliverWebhookJob.Payload in jobs.map(\.payload) {
                let running = Job(
                    id: UUID(), payload: payload, attempt: 1, organizationID: scene.organizationID, correlationID: nil,
                    startedAt: start)
                performed.append(Performed(job: running, outcome: try await job.perform(running)))
            }
            // Recorded by two processes, one after the other.
            for item in performed { _ = try await scene.record([item], with: job) }
            #expect(try await scene.shown(endpoint.id).disabledReason == .gone)
            #expect(try await scene.count("notifications WHERE letter IS NOT NULL") == 1)
        }
    }
}
