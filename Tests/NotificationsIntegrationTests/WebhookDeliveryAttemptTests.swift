import Contracts
import Curl
import Foundation
import Messaging
import Postgres
import Synchronization
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

    /// Does something to the one delivery that there is, twice: while it is alone, and beside 500 others.
    /// - Parameter body: says whether it has found the delivery.
    /// - Returns: how many deliveries the second time has read.
    private func deliveriesRead(
        _ body: @escaping @Sendable (PostgresTransaction, WebhookDeliveryID) throws -> Bool
    ) async throws -> Int {
        let counter = Mutex(0)
        try await NotificationsScene.with { scene in
            let endpoint = try await scene.endpoint(types: [.orderCompleted])
            try await scene.complete(scene.order())
            let id = try await scene.delivery(endpoint.id).id
            let read = try await scene.database.client.withTransaction { transaction in
                // Makes the plan.
                #expect(try !body(transaction, WebhookDeliveryID(UUID())))
                try transaction.query(
                    """
                    WITH events AS (
                        INSERT INTO webhook_events
                            (id, organization_id, type, object_id, source_message_id, payload, created_at)
                        SELECT gen_random_uuid(), organization_id, type, gen_random_uuid(), source_message_id, payload,
                            created_at
                        FROM webhook_events, generate_series(1, 500)
                        RETURNING id)
                    INSERT INTO webhook_delivery_logs
                        (id, organization_id, event_id, endpoint_id, sequence, status, next_attempt_at, created_at,
                        updated_at)
                    SELECT gen_random_uuid(), known.organization_id, events.id, known.endpoint_id,
                        1 + row_number() OVER (), 'pending', known.next_attempt_at, known.created_at, known.updated_at
                    FROM events, webhook_delivery_logs AS known
                    """)
                let before = try Self.deliveriesRead(in: transaction)
                #expect(try body(transaction, id))
                return try Self.deliveriesRead(in: transaction) - before
            }
            counter.withLock { $0 = read }
        }
        return counter.withLock { $0 }
    }

    @Test("Looking for what an attempt sends reads no other deliveries, also with a plan from when few were pending")
    func dispatchByKey() async throws {
        let read = try await deliveriesRead { transaction, id in
            try transaction.query(WebhookDispatchReader.query([.init(id: id, serial: 1)])).count == 1
        }
        #expect(read == 1)
    }

    @Test("Ending a delivery reads no others, also with a plan from when few were pending")
    func endByKey() async throws {
        let read = try await deliveriesRead { transaction, id in
            let attempt = WebhookAttempt(
                attemptedAt: NotificationsScene.now, statusCode: 204, error: nil, durationMilliseconds: 1,
                responseBody: "")
            return try WebhookDeliveryStore(transaction: transaction).end(
                [.init(deliveryID: id, serial: 1, attempt: attempt)], at: NotificationsScene.now) == [id]
        }
        // To find its endpoint, to change it, and for the attempt's reference to it.
        #expect(read == 3)
    }

    private static func deliveriesRead(in transaction: PostgresTransaction) throws -> Int {
        try transaction.query(
            "SELECT idx_tup_fetch FROM pg_stat_xact_user_tables WHERE relname = 'webhook_delivery_logs'"
        ).decodeOne(Int.self)
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

    @Test("An endpoint that does not answer in time is tried again more slowly")
    func timeout() async throws {
        let server = try await server()
        try await NotificationsScene.with { scene in
            let (endpoint, jobs) = try await begin(scene, server, "/never")
            let retries = try await scene.perform(jobs, with: scene.webhookJob(timeout: .milliseconds(200))).jobs
            let wait = try #require(retries.first?.dueAt).since(NotificationsScene.now)
            #expect((Duration.seconds(60)...Duration.seconds(72)).contains(wait))
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

    @Test("An attempt at a busy endpoint is parked without counting, and begins when there is room")
    func busy() async throws {
        let server = try await server()
        try await NotificationsScene.with { scene in
            let (endpoint, jobs) = try await begin(scene, server, "/ok")
            let second = try await scene.complete(scene.order()).jobs.ofKind(DeliverWebhookJob.kind)
            let lanes = EndpointLanes(width: 1)
            let place = try #require(lanes.enter(endpoint.id))
            #expect(try await scene.perform(jobs, with: scene.webhookJob(lanes: lanes)).jobs.isEmpty)
            #expect(try await scene.delivery(endpoint.id).attempts.isEmpty)
            #expect(
                try await scene.texts("SELECT status FROM webhook_delivery_logs WHERE is_parked") == ["pending"])
            // The end of another attempt calls it.
            lanes.leave(place)
            let called = try await scene.perform(second, with: scene.webhookJob(lanes: lanes)).jobs
            #expect(called.count == 1)
            #expect(called.first?.dueAt == nil)
            #expect(
                called.first?.payload as? DeliverWebhookJob.Payload == jobs.first?.payload as? DeliverWebhookJob.Payload
            )
            #expect(try await scene.perform(called, with: scene.webhookJob(lanes: lanes)).jobs.isEmpty)
            #expect(try await scene.deliveries(endpoint.id).map(\.status) == [.delivered, .delivered])
            #expect(try await scene.count("webhook_delivery_logs WHERE is_parked") == 0)
        }
    }

    @Test("Of a burst as many attempts begin as there is room for; the ends of those call the others")
    func burst() async throws {
        let server = try await server()
        try await NotificationsScene.with { scene in
            let endpoint = try await scene.endpoint("http://127.0.0.1:\(server.port)/ok", types: [.orderCompleted])
            let lanes = EndpointLanes(width: 2)
            var jobs = try await scene.hear(
                (0..<5).map { _ in scene.order() }, by: OrderCompletedHandler(), lanes: lanes
            ).jobs.ofKind(DeliverWebhookJob.kind)
            #expect(jobs.count == 2)
            #expect(try await scene.count("webhook_delivery_logs WHERE is_parked AND parked_step = 1") == 3)
            var rounds = 0
            while !jobs.isEmpty, rounds < 10 {
                jobs = try await scene.perform(jobs, with: scene.webhookJob(lanes: lanes)).jobs
                rounds += 1
            }
            #expect(try await scene.deliveries(endpoint.id).map(\.status) == Array(repeating: .delivered, count: 5))
            #expect(try await scene.deliveries(endpoint.id).allSatisfy { $0.attempts.count == 1 })
        }
    }

    @Test("One of each burst begins although there is no room, so that somebody calls the others")
    func burstWithoutRoom() async throws {
        try await NotificationsScene.with { scene in
            let endpoint = try await scene.endpoint(types: [.orderCompleted])
            let lanes = EndpointLanes(width: 1)
            let place = try #require(lanes.enter(endpoint.id))
            for _ in 0..<2 {
                let jobs = try await scene.hear(
                    (0..<3).map { _ in scene.order() }, by: OrderCompletedHandler(), lanes: lanes
                ).jobs.ofKind(DeliverWebhookJob.kind)
                #expect(jobs.count == 1)
            }
            #expect(try await scene.count("webhook_delivery_logs WHERE is_parked") == 4)
            lanes.leave(place)
        }
    }

    @Test("An attempt that found no room is not forgotten when the room came before it was parked")
    func roomMeanwhile() async throws {
        try await NotificationsScene.with { scene in
            _ = try await scene.endpoint(types: [.orderCompleted])
            let jobs = try await scene.complete(scene.order()).jobs.ofKind(DeliverWebhookJob.kind)
            let payload = try #require(jobs.first?.payload as? DeliverWebhookJob.Payload)
            let busy = Performed(
                job: Job(
                    id: UUID(), payload: payload, attempt: 1, organizationID: scene.organizationID,
                    correlationID: nil, startedAt: NotificationsScene.now),
                outcome: DeliverWebhookJob.Outcome.busy)
            #expect(try await scene.record([busy], with: scene.webhookJob()).jobs.count == 1)
            #expect(try await scene.count("webhook_delivery_logs WHERE is_parked") == 0)
        }
    }

    @Test("What the death of a process left parked begins again after a minute, one of each endpoint")
    func forgotten() async throws {
        try await NotificationsScene.with { scene in
            let endpoints = [
                try await scene.endpoint(types: [.orderCompleted]), try await scene.endpoint(types: [.orderCompleted]),
            ]
            try await scene.complete(scene.order(), scene.order())
            let sql = "UPDATE webhook_delivery_logs SET is_parked = true, parked_step = 1"
            _ = try await scene.database.client.query("\(unescaped: sql)")
            let soon = NotificationsScene.now + .seconds(30)
            #expect(try await scene.database.run(ParkedDeliveriesSweep(), at: soon).effects.jobs.isEmpty)
            let late = NotificationsScene.now + .seconds(61)
            let jobs = try await scene.database.run(ParkedDeliveriesSweep(), at: late).effects.jobs
            let called = jobs.compactMap { ($0.payload as? DeliverWebhookJob.Payload)?.endpointID }
            #expect(called.sorted() == endpoints.map(\.id).sorted())
            #expect(try await scene.count("webhook_delivery_logs WHERE is_parked") == 2)
        }
    }

    @Test("Retry-After and too many requests slow the schedule down")
    func slowedDown() async throws {
        let server = try await server()
        try await NotificationsScene.with { scene in
            let (_, jobs) = try await begin(scene, server, "/busy/90")
            let next = try #require(try await scene.perform(jobs, with: scene.webhookJob()).jobs.first?.dueAt)
            #expect((Duration.seconds(90)...Duration.seconds(108)).contains(next.since(NotificationsScene.now)))
        }
    }

    @Test("A long answer is kept to 16 KiB, and its end not waited for")
    func longAnswer() async throws {
        let server = try await server()
        try await NotificationsScene.with { scene in
            let (endpoint, jobs) = try await begin(scene, server, "/large")
            #expect(try await scene.perform(jobs, with: scene.webhookJob()).jobs.isEmpty)
            let sizes = try await scene.texts("SELECT char_length(response_body)::text FROM webhook_attempts")
            #expect(sizes == ["16384"])
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
