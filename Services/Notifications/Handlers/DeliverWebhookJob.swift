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

        enum CodingKeys: String, CodingKey {
            case serial, step
            case deliveryID = "delivery_id"
            case endpointID = "endpoint_id"
        }

        var plan: WebhookDelivery.Plan { WebhookDelivery.Plan(serial: serial, step: step) }
    }

    enum Outcome: Sendable, Equatable {
        /// The delivery was planned anew or has ended, or the endpoint takes nothing any more; nothing was sent.
        case off
        /// Enough attempts run against the endpoint; nothing was sent.
        case busy
        case tried(WebhookResult)
    }

    static let kind = "deliver-webhook"

    let carrier: any WebhookCarrier
    let lanes: EndpointLanes
    let schedule: WebhookSchedule
    let timeout: Duration
    /// How many attempts are under way at once, for all endpoints together.
    let concurrency: Int
    /// How long an attempt may wait for others to be recorded with. It has given its place at the endpoint back by then.
    let gathering: Duration

    private let dispatches: WebhookDispatchReader

    init(
        database: PostgresClient, carrier: any WebhookCarrier, lanes: EndpointLanes, schedule: WebhookSchedule,
        timeout: Duration, concurrency: Int, gathering: Duration = .zero
    ) {
        self.carrier = carrier
        self.lanes = lanes
        self.schedule = schedule
        self.timeout = timeout
        self.concurrency = concurrency
        self.gathering = gathering
        dispatches = WebhookDispatchReader(database)
    }

    /// The wait for a turn in this process and the attempt itself, with room to spare.
    var lease: Duration { timeout * 2 + .seconds(60) }

    static func job(
        for delivery: WebhookDelivery, _ plan: WebhookDelivery.Plan, dueAt: Timestamp? = nil
    ) -> NewJob {
        NewJob(
            Self.self,
            Payload(
                deliveryID: delivery.id, endpointID: delivery.endpointID, serial: plan.serial, step: plan.step),
            dueAt: dueAt, organizationID: delivery.organizationID)
    }

    func perform(_ job: Job<Payload>) async throws -> Outcome {
        let payload = job.payload
        guard let place = await lanes.waitToEnter(payload.endpointID) else { return .busy }
        var isOff = true
        defer { lanes.leave(place, isOff: isOff) }
        let found = try await dispatches.find(payload.deliveryID, serial: payload.serial)
        guard let dispatch = found else { return .off }
        isOff = false
        return .tried(await send(dispatch, id: payload.deliveryID, at: job.startedAt))
    }

    private func send(
        _ dispatch: WebhookDispatch, id: WebhookDeliveryID, at time: Timestamp
    ) async -> WebhookResult {
        let start = ContinuousClock.now
        let request = HTTPRequest(
            method: "POST", url: dispatch.url,
            headers: [("Content-Type", "application/json"), ("webhook-sequence", String(dispatch.sequence))]
                + WebhookSignature.headers(
                    id: id.description, time: time, payload: dispatch.payload, secrets: dispatch.secrets(at: time)),
            body: dispatch.payload, timeout: timeout, maximumResponseBytes: WebhookResult.keptLength)
        do {
            let response = try await carrier.send(request)
            return WebhookResult(
                attempt: WebhookAttempt(
                    attemptedAt: time, statusCode: response.status,
                    durationMilliseconds: Int(response.duration.milliseconds),
                    responseBody: WebhookResult.excerpt(of: response.body)),
                verdict: WebhookVerdict(
                    status: response.status, retryAfter: response.header("Retry-After"), at: time))
        } catch {
            return WebhookResult(
                attempt: WebhookAttempt(
                    attemptedAt: time, error: error.description,
                    durationMilliseconds: Int((ContinuousClock.now - start).milliseconds)),
                verdict: Self.verdict(on: error))
        }
    }

    private static func verdict(on error: HTTPSendError) -> WebhookVerdict {
        if error == .timedOut { return .timedOut }
        return error.isRetriable ? .retry(after: nil) : .refused
    }

    func record(
        _ performed: [Performed<Payload, Outcome>], in transaction: PostgresTransaction, at moment: Moment
    ) throws -> [Effects] {
        guard !performed.isEmpty else { return [] }
        let ended = try WebhookDeliveryStore(transaction: transaction).end(Self.taken(performed), at: moment.now)
        let others = performed.filter { !ended.contains($0.job.payload.deliveryID) }
        var recording = try WebhookRecording(others, schedule: schedule, in: transaction, at: moment)
        var effects = performed.map { item in
            ended.contains(item.job.payload.deliveryID) ? .none : recording.take(item)
        }
        let rooms = Dictionary(
            performed.map { ($0.job.payload.endpointID, lanes.room(for: $0.job.payload.endpointID)) }
        ) { first, _ in first }
        // What the batch causes as a whole goes with its first attempt.
        effects[0].append(Effects(jobs: try recording.finish(rooms: rooms)))
        return effects
    }

    /// What endpoints took that refused nothing in this batch, and each delivery once.
    private static func taken(_ performed: [Performed<Payload, Outcome>]) -> [WebhookDeliveryStore.Taken] {
        var seen: Set<WebhookDeliveryID> = []
        var refusing: Set<WebhookEndpointID> = []
        for item in performed {
            guard case .tried(let result) = item.outcome, result.verdict != .delivered else { continue }
            refusing.insert(item.job.payload.endpointID)
        }
        return performed.compactMap { item in
            let payload = item.job.payload
            guard case .tried(let result) = item.outcome, !refusing.contains(payload.endpointID),
                seen.insert(payload.deliveryID).inserted
            else { return nil }
            return WebhookDeliveryStore.Taken(
                deliveryID: payload.deliveryID, serial: payload.serial, attempt: result.attempt)
        }
    }
}
