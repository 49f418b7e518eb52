import Contracts
import Curl
import Foundation
import Messaging
import TestSupport
import Testing

@testable import Notifications

@Suite("Attempts at delivering webhooks to a real server")
struct WebhookDeliveryAttemptTests {
    private func server() async throws -> LocalServer {
        try await LocalServer(script: PackageResources.webhook_server_py)
    }

    private func read(_ server: LocalServer) async throws -> ReceivedWebhook {
        try JSONDecoder().decode(ReceivedWebhook.self, from: Data(try await server.nextLine().utf8))
    }

    /// An endpoint at the server's path that is to hear of one order.
    private func begin(
        _ scene: NotificationsScene, _ server: LocalServer, _ path: String
    ) async throws -> (endpoint: WebhookEndpointDetails, jobs: [NewJob]) {
        let endpoint = try await scene.endpoint(
            "http://127.0.0.1:\(server.port)\(path)", types: [.orderCompleted])
        let jobs = try await scene.complete(scene.order()).jobs.filter { $0.kind == DeliverWebhookJob.kind }
        #expect(jobs.count == 1)
        return (endpoint, jobs)
    }

    @Test("A webhook arrives signed, and 2xx ends its delivery")
    func delivered() async throws {
        let server = try await server()
        try await NotificationsScene.with { scene in
            let (endpoint, jobs) = try await begin(scene, server, "/ok")
            #expect(try await scene.perform(jobs, with: scene.webhookJob()).jobs.isEmpty)
            let request = try await read(server)
            #expect(request.method == "POST")
            #expect(request.headers["content-type"] == "application/json")
            #expect(request.headers["user-agent"]?.hasPrefix("Voelgoed-Webhooks/1.0") == true)
            try await request.verify(secret: try #require(endpoint.secret))
            let delivery = try await scene.delivery(endpoint.id)
            #expect(request.headers["webhook-id"] == delivery.id.description)
            let seconds = NotificationsScene.now.millisecondsSince1970 / 1000
            #expect(request.headers["webhook-timestamp"] == String(seconds))
            #expect(
                try JSONDecoder().decode(JSONValue.self, from: Data(request.body.utf8)) == delivery.payload)
            #expect(request.body.hasPrefix(#"{"type":"order.completed","timestamp":""#))
            #expect(delivery.status == .delivered)
            #expect(delivery.nextAttemptAt == nil)
            #expect(delivery.attempts.map(\.statusCode) == [200])
            #expect(delivery.attempts.first?.responseBody == "thank you")
            // The same job again, after a crash say, finds nothing left to do.
            #expect(try await scene.perform(jobs, with: scene.webhookJob()).jobs.isEmpty)
        }
        #expect(await server.remainingLines().isEmpty)
    }

    @Test("A 500 is tried again after some 5 s under the same id, and the success then counts")
    func recovers() async throws {
        let server = try await server()
        try await NotificationsScene.with { scene in
            let (endpoint, jobs) = try await begin(scene, server, "/recovers")
            let retries = try await scene.perform(jobs, with: scene.webhookJob()).jobs
            let dueAt = try #require(retries.first?.dueAt)
            #expect((Duration.seconds(4)...Duration.seconds(6)).contains(dueAt.since(NotificationsScene.now)))
            let waiting = try await scene.delivery(endpoint.id)
            #expect(waiting.status == .pending)
            #expect(waiting.nextAttemptAt == dueAt)
            #expect(waiting.attempts.first?.responseBody == "\u{FFFD}bin\u{FFFD}")
            #expect(try await scene.perform(retries, with: scene.webhookJob(), at: dueAt).jobs.isEmpty)
            let requests = [try await read(server), try await read(server)]
            #expect(Set(requests.map { $0.headers["webhook-id"] }).count == 1)
            #expect(requests[0].headers["webhook-timestamp"] != requests[1].headers["webhook-timestamp"])
            #expect(requests[0].body == requests[1].body)
            for request in requests { try await request.verify(secret: try #require(endpoint.secret)) }
            let delivery = try await scene.delivery(endpoint.id)
            #expect(delivery.status == .delivered)
            #expect(delivery.attempts.map(\.statusCode) == [500, 200])
        }
    }

    @Test("After ten failures the schedule is exhausted")
    func exhausted() async throws {
        let server = try await server()
        try await NotificationsScene.with { scene in
            var (endpoint, jobs) = try await begin(scene, server, "/status/503")
            for attempt in 1...10 {
                jobs = try await scene.perform(jobs, with: scene.webhookJob()).jobs
                #expect(jobs.count == (attempt < 10 ? 1 : 0))
            }
            let delivery = try await scene.delivery(endpoint.id)
            #expect(delivery.status == .exhausted)
            #expect(delivery.attempts.count == 10)
        }
    }

    @Test("410 disables the endpoint and ends what else is on its way to it")
    func gone() async throws {
        let server = try await server()
        try await NotificationsScene.with { scene in
            let (endpoint, jobs) = try await begin(scene, server, "/gone")
            let other = try await scene.endpoint(types: [.orderCompleted])
            let later = try await scene.complete(scene.order()).jobs
            #expect(try await scene.perform(jobs, with: scene.webhookJob()).jobs.isEmpty)
            let shown = try await scene.ask(
                GetWebhookEndpoint(endpointID: endpoint.id), of: GetWebhookEndpointHandler()
            ).reply.get()
            #expect(shown.status == .disabled)
            #expect(try await scene.deliveries(endpoint.id).map(\.status) == [.failed, .failed])
            #expect(try await scene.deliveries(other.id).map(\.status) == [.pending])
            // Its other job comes, and finds nothing to do.
            let rest = later.filter { ($0.payload as? DeliverWebhookJob.Payload)?.endpointID == endpoint.id }
            #expect(rest.count == 1)
            #expect(try await scene.perform(rest, with: scene.webhookJob()).jobs.isEmpty)
        }
        #expect(await server.remainingLines().count == 1)
    }

    @Test("An endpoint that does not answer in time is tried again, and gets fewer places")
    func timeout() async throws {
        let server = try await server()
        try await NotificationsScene.with { scene in
            let (endpoint, jobs) = try await begin(scene, server, "/never")
            let retries = try await scene.perform(jobs, with: scene.webhookJob(timeout: .milliseconds(200))).jobs
            #expect(retries.count == 1)
            let attempt = try #require(try await scene.delivery(endpoint.id).attempts.first)
            #expect(attempt.statusCode == nil)
            #expect(attempt.error == "timed out")
        }
    }

    @Test("A redirect is not followed and counts as a failure")
    func redirect() async throws {
        let server = try await server()
        try await NotificationsScene.with { scene in
            let (endpoint, jobs) = try await begin(scene, server, "/redirect")
            #expect(try await scene.perform(jobs, with: scene.webhookJob()).jobs.count == 1)
            #expect(try await scene.delivery(endpoint.id).attempts.map(\.statusCode) == [302])
        }
        #expect(await server.remainingLines().count == 1)
    }

    @Test("A private address is not connected to, and fails the delivery at once")
    func privateAddress() async throws {
        let server = try await server()
        try await NotificationsScene.with { scene in
            let (endpoint, jobs) = try await begin(scene, server, "/ok")
            let job = scene.webhookJob(policy: .publicInternet)
            #expect(try await scene.perform(jobs, with: job).jobs.isEmpty)
            let delivery = try await scene.delivery(endpoint.id)
            #expect(delivery.status == .failed)
            #expect(delivery.attempts.map(\.error) == ["the address is not allowed"])
        }
        #expect(await server.remainingLines().isEmpty)
    }

    @Test("An attempt at a busy endpoint is put off without counting")
    func busy() async throws {
        let server = try await server()
        try await NotificationsScene.with { scene in
            let (endpoint, jobs) = try await begin(scene, server, "/ok")
            let lanes = EndpointLanes(width: 1, maximumWaiting: 0)
            #expect(await lanes.enter(endpoint.id))
            let later = try await scene.perform(jobs, with: scene.webhookJob(lanes: lanes)).jobs
            let dueAt = try #require(later.first?.dueAt)
            #expect((Duration.seconds(1)...Duration.seconds(2)).contains(dueAt.since(NotificationsScene.now)))
            #expect((later.first?.payload as? DeliverWebhookJob.Payload)?.deferrals == 1)
            #expect(try await scene.delivery(endpoint.id).attempts.isEmpty)
            lanes.leave(endpoint.id, wasSlow: false)
            #expect(try await scene.perform(later, with: scene.webhookJob(lanes: lanes)).jobs.isEmpty)
            #expect(try await scene.delivery(endpoint.id).status == .delivered)
        }
    }

    @Test("A 2xx that arrives after its endpoint was disabled still counts")
    func lateSuccess() async throws {
        let server = try await server()
        try await NotificationsScene.with { scene in
            let (endpoint, jobs) = try await begin(scene, server, "/ok")
            let job = scene.webhookJob()
            let payload = try #require(jobs.first?.payload as? DeliverWebhookJob.Payload)
            let running = Job(
                id: UUID(), payload: payload, attempt: 1, organizationID: scene.organizationID, correlationID: nil,
                startedAt: NotificationsScene.now)
            let outcome = try await job.perform(running)
            _ = try await scene.change(endpoint.id, WebhookEndpointChanges(status: .disabled))
            #expect(try await scene.delivery(endpoint.id).status == .failed)
            #expect(try await scene.record([Performed(job: running, outcome: outcome)], with: job).jobs.isEmpty)
            #expect(try await scene.delivery(endpoint.id).status == .delivered)
        }
    }
}
