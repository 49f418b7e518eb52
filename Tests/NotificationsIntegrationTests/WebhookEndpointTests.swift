import Contracts
import Foundation
import Messaging
import TestSupport
import Testing

@testable import Notifications

@Suite("Webhook endpoints")
struct WebhookEndpointTests {
    private func create(_ id: WebhookEndpointID, _ url: String) -> CreateWebhookEndpoint {
        CreateWebhookEndpoint(endpointID: id, url: url, eventTypes: [.orderCompleted])
    }

    private var creation: CreateWebhookEndpointHandler {
        CreateWebhookEndpointHandler(urlCheck: NotificationsScene.urlCheck)
    }

    @Test("The secret is in the answer that created the endpoint, the same when asked again, and nowhere else")
    func secret() async throws {
        try await NotificationsScene.with { scene in
            let created = try await scene.endpoint(types: [.ticketIssued, .orderCompleted])
            let secret = try #require(created.secret)
            #expect(WebhookSecret(secret)?.bytes.count == 32)
            #expect(created.status == .enabled)
            let again = try await scene.endpoint(types: [.ticketIssued, .orderCompleted], id: created.id)
            #expect(again == created)
            #expect(try await scene.endpoint().secret != secret)
            var withoutSecret = created
            withoutSecret.secret = nil
            let shown = try await scene.ask(
                GetWebhookEndpoint(endpointID: created.id), of: GetWebhookEndpointHandler()
            ).reply.get()
            #expect(shown == withoutSecret)
            let listed = try await scene.ask(
                ListWebhookEndpoints(page: PageRequest()), of: ListWebhookEndpointsHandler()
            ).reply.get()
            #expect(listed.data.contains(withoutSecret))
            #expect(listed.data.allSatisfy { $0.secret == nil })
        }
    }

    @Test(
        "A URL that cannot work is refused at once",
        arguments: [
            "ftp://example.org", "https://user:secret@example.org", "https://10.0.0.1/hook", "https://169.254.169.254/",
            "https://[::ffff:10.0.0.1]/", "https://0x0a000001/", "https://example.org:22/", "not a url",
        ])
    func refusedURL(url: String) async throws {
        try await NotificationsScene.with { scene in
            let id = WebhookEndpointID(UUID())
            #expect(try await scene.refusal(create(id, url), of: creation) == .validationFailed)
            let endpoint = try await scene.endpoint()
            let change = UpdateWebhookEndpoint(endpointID: endpoint.id, changes: WebhookEndpointChanges(url: url))
            let update = UpdateWebhookEndpointHandler(urlCheck: NotificationsScene.urlCheck)
            #expect(try await scene.refusal(change, of: update) == .validationFailed)
            #expect(try await scene.count("webhook_endpoints") == 1)
        }
    }

    @Test("Event types are needed, at creation and after")
    func types() async throws {
        try await NotificationsScene.with { scene in
            let none = CreateWebhookEndpoint(
                endpointID: WebhookEndpointID(UUID()), url: "https://example.org", eventTypes: [])
            #expect(try await scene.refusal(none, of: creation) == .validationFailed)
            let endpoint = try await scene.endpoint()
            let changed = try await scene.change(endpoint.id, WebhookEndpointChanges(eventTypes: [.ticketIssued]))
            #expect(changed.eventTypes == [.ticketIssued])
            await #expect(throws: Problem.self) {
                try await scene.change(endpoint.id, WebhookEndpointChanges(eventTypes: []))
            }
        }
    }

    @Test("An organisation has 20 endpoints at most, however many requests arrive at once; deleting one makes room")
    func limit() async throws {
        try await NotificationsScene.with { scene in
            let ids = try await withThrowingTaskGroup(of: WebhookEndpointID?.self) { group in
                for _ in 0..<24 {
                    group.addTask {
                        do {
                            return try await scene.endpoint().id
                        } catch let problem as Problem where problem.slug == .conflict {
                            return nil
                        }
                    }
                }
                return try await group.reduce(into: []) { $0 += [$1].compactMap(\.self) }
            }
            #expect(ids.count == 20)
            #expect(try await scene.count("webhook_endpoints") == 20)
            _ = try await scene.endpoint(as: OrganizationID(UUID()))
            let first = try #require(ids.first)
            _ = try await scene.ask(DeleteWebhookEndpoint(endpointID: first), of: DeleteWebhookEndpointHandler())
            _ = try await scene.endpoint()
        }
    }

    @Test("Another organisation's endpoint does not exist, for anybody but its owner")
    func tenants() async throws {
        try await NotificationsScene.with { scene in
            let endpoint = try await scene.endpoint()
            let stranger = OrganizationID(UUID())
            #expect(
                try await scene.refusal(
                    GetWebhookEndpoint(endpointID: endpoint.id), of: GetWebhookEndpointHandler(), as: stranger)
                    == .notFound)
            #expect(
                try await scene.refusal(
                    DeleteWebhookEndpoint(endpointID: endpoint.id), of: DeleteWebhookEndpointHandler(), as: stranger)
                    == .notFound)
            #expect(
                try await scene.refusal(
                    ListWebhookDeliveries(endpointID: endpoint.id, page: PageRequest()),
                    of: ListWebhookDeliveriesHandler(), as: stranger) == .notFound)
            #expect(
                try await scene.refusal(create(endpoint.id, "https://example.org"), of: creation, as: stranger)
                    == .conflict)
            let listed = try await scene.ask(
                ListWebhookEndpoints(page: PageRequest()), of: ListWebhookEndpointsHandler(), as: stranger)
            #expect(try listed.reply.get().data.isEmpty)
        }
    }

    @Test("Disabling ends what is pending, and enabling starts with the next event")
    func disabling() async throws {
        try await NotificationsScene.with { scene in
            let endpoint = try await scene.endpoint(types: [.orderCompleted])
            let jobs = try await scene.complete(scene.order()).jobs
            let disabled = try await scene.change(endpoint.id, WebhookEndpointChanges(status: .disabled))
            #expect(disabled.status == .disabled)
            #expect(try await scene.deliveries(endpoint.id).map(\.status) == [.failed])
            try await scene.complete(scene.order())
            #expect(try await scene.deliveries(endpoint.id).count == 1)
            #expect(try await scene.change(endpoint.id, WebhookEndpointChanges(status: .enabled)).status == .enabled)
            // The job of the ended delivery comes late: it neither sends nor plans anything.
            #expect(try await scene.perform(jobs, with: scene.webhookJob()).jobs.isEmpty)
            #expect(try await scene.delivery(endpoint.id).attempts.isEmpty)
            try await scene.complete(scene.order(), at: NotificationsScene.now + .seconds(1))
            #expect(try await scene.deliveries(endpoint.id).map(\.status) == [.pending, .failed])
        }
    }

    @Test("A deleted endpoint is gone with its secret and what was pending; its id is not used again")
    func deletion() async throws {
        try await NotificationsScene.with { scene in
            let endpoint = try await scene.endpoint(types: [.orderCompleted])
            try await scene.complete(scene.order())
            let delete = DeleteWebhookEndpoint(endpointID: endpoint.id)
            for _ in 1...2 { _ = try await scene.ask(delete, of: DeleteWebhookEndpointHandler()).reply.get() }
            #expect(
                try await scene.refusal(GetWebhookEndpoint(endpointID: endpoint.id), of: GetWebhookEndpointHandler())
                    == .notFound)
            #expect(try await scene.texts("SELECT status FROM webhook_delivery_logs") == ["failed"])
            #expect(try await scene.texts("SELECT id::text FROM webhook_endpoints WHERE secret IS NOT NULL").isEmpty)
            #expect(try await scene.refusal(create(endpoint.id, "https://example.org"), of: creation) == .conflict)
            #expect(
                try await scene.refusal(
                    DeleteWebhookEndpoint(endpointID: WebhookEndpointID(UUID())), of: DeleteWebhookEndpointHandler())
                    == .notFound)
        }
    }

    @Test("Lists go from new to old, page by page")
    func pages() async throws {
        try await NotificationsScene.with { scene in
            var created: [WebhookEndpointID] = []
            for number in 1...5 {
                var generator = SystemRandomNumberGenerator()
                let id = UUID.version7(at: NotificationsScene.now + .seconds(number), using: &generator)
                created.append(try await scene.endpoint(id: WebhookEndpointID(id)).id)
            }
            var seen: [WebhookEndpointID] = []
            var cursor: String?
            repeat {
                let page = try await scene.ask(
                    ListWebhookEndpoints(page: PageRequest(limit: 2, cursor: cursor)),
                    of: ListWebhookEndpointsHandler()
                ).reply.get()
                #expect(page.data.count <= 2)
                seen += page.data.map(\.id)
                cursor = page.nextCursor
            } while cursor != nil
            #expect(seen == created.reversed())
            for page in [PageRequest(limit: 0), PageRequest(limit: 201), PageRequest(cursor: "x")] {
                #expect(
                    try await scene.refusal(ListWebhookEndpoints(page: page), of: ListWebhookEndpointsHandler())
                        == .validationFailed)
            }
        }
    }
}
