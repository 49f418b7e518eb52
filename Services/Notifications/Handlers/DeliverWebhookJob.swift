import Contracts
import Curl
import Messaging
import Postgres

/// Makes one attempt at delivering a webhook. A crash after sending makes it send again, under the same `webhook-id`.
struct DeliverWebhookJob: JobPerformer {
    struct Payload: Codable, Sendable, Equatable {
        let deliveryID: WebhookDeliveryID
        let endpointID: WebhookEndpointID
        let serial: Int
        /// Nil for an attempt that somebody asked for.
        let step: Int?
        /// How often the attempt was put off because the endpoint was busy.
        let deferrals: Int

        enum CodingKeys: String, CodingKey {
            case serial, step, deferrals
            case deliveryID = "delivery_id"
            case endpointID = "endpoint_id"
        }

        var plan: WebhookDelivery.Plan { WebhookDelivery.Plan(serial: serial, step: step) }
    }

    enum Outcome: Sendable, Equatable {
        /// The delivery was planned anew or has ended, or the endpoint takes nothing any more; nothing was sent.
        case off
        /// Too many attempts run against the endpoint; nothing was sent.
        case busy
        case tried(WebhookResult)
    }

    static let kind = "deliver-webhook"
    /// From when on an endpoint counts as slow.
    static let slowness = Duration.seconds(5)

    let database: PostgresClient
    let sender: HTTPSender
    let lanes: EndpointLanes
    let schedule: WebhookSchedule
    let timeout: Duration
    /// How many attempts are under way at once, for all endpoints together.
    let concurrency: Int

    /// The wait for a place in the lane and the attempt itself, with room to spare.
    var lease: Duration { timeout * 2 + .seconds(60) }

    static func job(
        for delivery: WebhookDelivery, _ plan: WebhookDelivery.Plan, deferrals: Int = 0, dueAt: Timestamp? = nil
    ) -> NewJob {
        NewJob(
            Self.self,
            Payload(
                deliveryID: delivery.id, endpointID: delivery.endpointID, serial: plan.serial, step: plan.step,
                deferrals: deferrals), dueAt: dueAt, organizationID: delivery.organizationID)
    }

    func perform(_ job: Job<Payload>) async throws -> Outcome {
        let payload = job.payload
        guard await lanes.enter(payload.endpointID) else { return .busy }
        var duration: Duration?
        defer { lanes.leave(payload.endpointID, wasSlow: duration.map { $0 >= Self.slowness }) }
        let dispatch = try await database.withTransaction(readOnly: true) { transaction in
            try WebhookDeliveryStore(transaction: transaction).findDispatch(payload.deliveryID, serial: payload.serial)
        }
        guard let dispatch else { return .off }
        let start = ContinuousClock.now
        let result = await send(dispatch, id: payload.deliveryID, at: job.startedAt)
        duration = ContinuousClock.now - start
        return .tried(result)
    }

    private func send(
        _ dispatch: WebhookDispatch, id: WebhookDeliveryID, at time: Timestamp
    ) async -> WebhookResult {
        let start = ContinuousClock.now
        let request = HTTPRequest(
            method: "POST", url: dispatch.url,
            headers: [("Content-Type", "application/json")]
                + WebhookSignature.headers(
                    id: id.description, time: time, payload: dispatch.payload, secret: dispatch.secret),
            body: dispatch.payload, timeout: timeout, maximumResponseBytes: WebhookResult.keptLength)
        do {
            let response = try await sender.send(request)
            return WebhookResult(
                attempt: WebhookAttempt(
                    attemptedAt: time, statusCode: response.status,
                    durationMilliseconds: Int(response.duration.milliseconds),
                    responseBody: WebhookResult.excerpt(of: response.body)),
                verdict: WebhookVerdict(status: response.status, retryAfter: response.header("Retry-After")))
        } catch {
            return WebhookResult(
                attempt: WebhookAttempt(
                    attemptedAt: time, error: error.description,
                    durationMilliseconds: Int((ContinuousClock.now - start).milliseconds)),
                verdict: error.isRetriable ? .retry(after: nil) : .refused)
        }
    }

    func record(
        _ performed: [Performed<Payload, Outcome>], in transaction: PostgresTransaction, at moment: Moment
    ) throws -> [Effects] {
        var recording = try WebhookRecording(performed, schedule: schedule, in: transaction, at: moment)
        let effects = performed.map { recording.take($0) }
        try recording.write()
        return effects
    }
}
