import Contracts
import Foundation
import Messaging
import TestSupport
import Testing

@testable import Notifications

@Suite("The numbers of an endpoint's deliveries")
struct WebhookSequenceTests {
    private func sequences(_ scene: NotificationsScene, _ endpointID: WebhookEndpointID) async throws -> [Int] {
        try await scene.deliveries(endpointID).compactMap(\.sequence).sorted()
    }

    @Test("Each endpoint counts its own deliveries from 1 without gaps, across batches")
    func counted() async throws {
        try await NotificationsScene.with { scene in
            let all = try await scene.endpoint()
            let orders = try await scene.endpoint(types: [.orderCompleted])
            try await scene.complete(scene.order(tickets: 2), scene.order(tickets: 1))
            try await scene.complete(scene.order(tickets: 3))
            #expect(try await sequences(scene, all.id) == Array(1...9))
            #expect(try await sequences(scene, orders.id) == [1, 2, 3])
        }
    }

    @Test("The receiver reads the number in a header, the same at every attempt")
    func sent() async throws {
        let server = try await LocalServer(script: PackageResources.webhook_server_py)
        try await NotificationsScene.with { scene in
            try await scene.endpoint("http://127.0.0.1:\(server.port)/recovers", types: [.orderCompleted])
            let jobs = try await scene.complete(scene.order(), scene.order()).jobs.ofKind(DeliverWebhookJob.kind)
            let retries = try await scene.perform(jobs, with: scene.webhookJob()).jobs
            try await scene.perform(retries, with: scene.webhookJob())
            var numbers: [String: Set<String>] = [:]
            for _ in 0..<3 {
                let request = try JSONDecoder().decode(
                    ReceivedWebhook.self, from: Data(try await server.nextLine().utf8))
                let id = try #require(request.headers["webhook-id"])
                numbers[id, default: []].insert(try #require(request.headers["webhook-sequence"]))
            }
            #expect(numbers.values.sorted { $0.min() ?? "" < $1.min() ?? "" } == [["1"], ["2"]])
        }
    }

    @Test(
        "Processes that announce at once to the same endpoints neither skip a number nor wait for each other in a ring")
    func concurrent() async throws {
        try await NotificationsScene.with { scene in
            var endpoints: [WebhookEndpointID] = []
            for _ in 0..<4 { endpoints.append(try await scene.endpoint(types: [.orderCompleted]).id) }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<8 {
                    group.addTask {
                        for _ in 0..<3 { try await scene.complete(scene.order(), scene.order()) }
                    }
                }
                try await group.waitForAll()
            }
            for endpoint in endpoints { #expect(try await sequences(scene, endpoint) == Array(1...48)) }
        }
    }

    @Test("An endpoint that was disabled before the deliveries began gets none, and no number is lost")
    func disabledMeanwhile() async throws {
        try await NotificationsScene.with { scene in
            let endpoint = try await scene.endpoint(types: [.orderCompleted])
            let effects = try await scene.database.deliver(
                [scene.order()], to: OrderCompletedHandler(), organizationID: scene.organizationID,
                at: NotificationsScene.now)
            _ = try await scene.change(endpoint.id, WebhookEndpointChanges(status: .disabled))
            #expect(
                try await scene.announcing(effects).jobs.ofKind(DeliverWebhookJob.kind).isEmpty)
            _ = try await scene.change(endpoint.id, WebhookEndpointChanges(status: .enabled))
            try await scene.complete(scene.order())
            #expect(try await sequences(scene, endpoint.id) == [1])
        }
    }
}
