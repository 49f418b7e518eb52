import Contracts
import Foundation
import Messaging
import TestSupport
import Testing

@testable import Notifications

@Suite("New secrets for endpoints")
struct WebhookRotationTests {
    private func rotate(
        _ scene: NotificationsScene, _ endpointID: WebhookEndpointID, overlap: Int = 86_400,
        id: WebhookSecretRotationID = WebhookSecretRotationID(UUID()), at now: Timestamp = NotificationsScene.now
    ) async throws -> WebhookEndpointDetails {
        try await scene.ask(
            RotateWebhookSecret(endpointID: endpointID, rotationID: id, oldSecretExpiresInSeconds: overlap),
            of: RotateWebhookSecretHandler(), at: now
        ).reply.get()
    }

    /// The request that the receiver gets for a new order at a time.
    private func received(
        _ scene: NotificationsScene, _ server: LocalServer, at now: Timestamp
    ) async throws -> ReceivedWebhook {
        let jobs = try await scene.complete(scene.order(), at: now).jobs
        try await scene.perform(jobs, with: scene.webhookJob(), at: now)
        return try JSONDecoder().decode(ReceivedWebhook.self, from: Data(try await server.nextLine().utf8))
    }

    @Test("Both secrets sign until the old one expires, then the new one alone")
    func overlap() async throws {
        let server = try await LocalServer(script: PackageResources.webhook_server_py)
        try await NotificationsScene.with { scene in
            let endpoint = try await scene.endpoint("http://127.0.0.1:\(server.port)/ok", types: [.orderCompleted])
            let old = try #require(endpoint.secret)
            let now = NotificationsScene.now
            let rotated = try await rotate(scene, endpoint.id, overlap: 3600)
            let new = try #require(rotated.secret)
            #expect(new != old)
            #expect(rotated.oldSecretExpiresAt == now + .seconds(3600))
            #expect(try await scene.shown(endpoint.id).secret == nil)

            let during = try await received(scene, server, at: now + .seconds(3599))
            try await during.verify(secret: new)
            try await during.verify(secret: old)
            let signatures = try #require(during.headers["webhook-signature"]).split(separator: " ")
            #expect(signatures.count == 2)
            let after = try await received(scene, server, at: now + .seconds(3600))
            try await after.verify(secret: new)
            #expect(after.headers["webhook-signature"]?.contains(" ") == false)
        }
    }

    @Test("The same rotation again gives the same secret; another one keeps one old secret only")
    func repeated() async throws {
        let server = try await LocalServer(script: PackageResources.webhook_server_py)
        try await NotificationsScene.with { scene in
            let endpoint = try await scene.endpoint("http://127.0.0.1:\(server.port)/ok", types: [.orderCompleted])
            let id = WebhookSecretRotationID(UUID())
            let first = try await rotate(scene, endpoint.id, id: id)
            #expect(try await rotate(scene, endpoint.id, id: id) == first)
            let second = try await rotate(scene, endpoint.id)
            let request = try await received(scene, server, at: NotificationsScene.now)
            try await request.verify(secret: try #require(second.secret))
            try await request.verify(secret: try #require(first.secret))
            #expect(request.headers["webhook-signature"]?.split(separator: " ").count == 2)
        }
    }

    @Test("Without an overlap the old secret ends at once; expired ones are forgotten")
    func noOverlap() async throws {
        let server = try await LocalServer(script: PackageResources.webhook_server_py)
        try await NotificationsScene.with { scene in
            let endpoint = try await scene.endpoint("http://127.0.0.1:\(server.port)/ok", types: [.orderCompleted])
            let rotated = try await rotate(scene, endpoint.id, overlap: 0)
            #expect(rotated.oldSecretExpiresAt == nil)
            let request = try await received(scene, server, at: NotificationsScene.now)
            try await request.verify(secret: try #require(rotated.secret))
            #expect(request.headers["webhook-signature"]?.contains(" ") == false)

            _ = try await rotate(scene, endpoint.id, overlap: 60)
            let sweep = WebhookRetention(keep: .seconds(86_400))
            _ = try await scene.database.run(sweep, at: NotificationsScene.now + .seconds(59))
            #expect(try await scene.count("webhook_endpoints WHERE old_secret IS NOT NULL") == 1)
            _ = try await scene.database.run(sweep, at: NotificationsScene.now + .seconds(60))
            #expect(try await scene.count("webhook_endpoints WHERE old_secret IS NOT NULL") == 0)
        }
    }

    @Test("Only the organisation's own endpoints, and only overlaps of up to a week")
    func refused() async throws {
        try await NotificationsScene.with { scene in
            let endpoint = try await scene.endpoint(types: [.orderCompleted])
            func request(_ id: WebhookEndpointID, _ overlap: Int) -> RotateWebhookSecret {
                RotateWebhookSecret(endpointID: id, rotationID: .example, oldSecretExpiresInSeconds: overlap)
            }
            let handler = RotateWebhookSecretHandler()
            #expect(try await scene.refusal(request(endpoint.id, -1), of: handler) == .validationFailed)
            #expect(try await scene.refusal(request(endpoint.id, 604_801), of: handler) == .validationFailed)
            #expect(try await scene.refusal(request(WebhookEndpointID(UUID()), 0), of: handler) == .notFound)
            let stranger = OrganizationID(UUID())
            #expect(try await scene.refusal(request(endpoint.id, 0), of: handler, as: stranger) == .notFound)
            #expect(try await scene.shown(endpoint.id).updatedAt == endpoint.updatedAt)
        }
    }
}
