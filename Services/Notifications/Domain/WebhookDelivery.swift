import Contracts

/// How far one event is on its way to one endpoint: the pure part of every change of a delivery.
struct WebhookDelivery: Sendable, Equatable {
    let id: WebhookDeliveryID
    let organizationID: OrganizationID
    let endpointID: WebhookEndpointID
    private(set) var status: WebhookDeliveryStatus
    /// Grows when somebody asks for an attempt, so that what was planned before counts no more.
    private(set) var serial: Int
    private(set) var attemptCount: Int
    /// Whether the pending attempt is one that somebody asked for. It is not followed by others.
    private(set) var isManual: Bool
    private(set) var nextAttemptAt: Timestamp?

    /// One planned attempt.
    struct Plan: Sendable, Equatable {
        let serial: Int
        /// Where the attempt stands in the schedule, from 1; nil for one that somebody asked for.
        let step: Int?
    }

    /// What follows from an attempt.
    enum FollowUp: Sendable, Equatable {
        case nothing
        case attempt(Plan, at: Timestamp)
        /// The endpoint wants no more webhooks.
        case disableEndpoint
    }

    init(
        id: WebhookDeliveryID, organizationID: OrganizationID, endpointID: WebhookEndpointID,
        status: WebhookDeliveryStatus, serial: Int, attemptCount: Int, isManual: Bool, nextAttemptAt: Timestamp?
    ) {
        self.id = id
        self.organizationID = organizationID
        self.endpointID = endpointID
        self.status = status
        self.serial = serial
        self.attemptCount = attemptCount
        self.isManual = isManual
        self.nextAttemptAt = nextAttemptAt
    }

    /// A delivery that begins now.
    init(
        beginning id: WebhookDeliveryID, organizationID: OrganizationID, endpointID: WebhookEndpointID,
        at now: Timestamp
    ) {
        self.init(
            id: id, organizationID: organizationID, endpointID: endpointID, status: .pending, serial: 1,
            attemptCount: 0, isManual: false, nextAttemptAt: now)
    }

    /// The attempt a new delivery begins with.
    static let firstPlan = Plan(serial: 1, step: 1)

    private func isWaiting(for plan: Plan) -> Bool { status == .pending && plan.serial == serial }

    /// An attempt was made; it counts whatever has happened meanwhile.
    mutating func record(
        _ verdict: WebhookVerdict, of plan: Plan, schedule: WebhookSchedule, jitter: Int, at now: Timestamp
    ) -> FollowUp {
        attemptCount += 1
        guard plan.serial == serial else { return .nothing }
        if verdict == .delivered {
            // Also when the endpoint was disabled while the answer was on its way: it has the event.
            end(.delivered)
            return .nothing
        }
        guard status == .pending else { return .nothing }
        switch verdict {
        case .delivered: return .nothing
        case .refused: end(.failed)
        case .gone:
            end(.failed)
            return .disableEndpoint
        case .retry(let retryAfter):
            guard let step = plan.step else {
                end(.failed)
                return .nothing
            }
            guard let delay = schedule.delay(beforeAttempt: step + 1, jitter: jitter, retryAfter: retryAfter) else {
                end(.exhausted)
                return .nothing
            }
            nextAttemptAt = now + delay
            return .attempt(Plan(serial: serial, step: step + 1), at: now + delay)
        }
        return .nothing
    }

    /// The attempt was put off because too many others run against the endpoint.
    mutating func putOff(_ plan: Plan, until time: Timestamp) -> FollowUp {
        guard isWaiting(for: plan) else { return .nothing }
        nextAttemptAt = time
        return .attempt(plan, at: time)
    }

    /// The attempt was not made because the endpoint takes nothing any more.
    mutating func abandon(_ plan: Plan) {
        if isWaiting(for: plan) { end(.failed) }
    }

    /// Somebody asks for another attempt.
    /// - Returns: what to do now; nil when such an attempt is on its way already.
    /// - Throws: a `conflict` when the schedule still runs.
    mutating func retry(at now: Timestamp) throws(Problem) -> Plan? {
        guard status != .pending else {
            if isManual { return nil }
            throw Problem(.conflict, "The delivery is still pending and will be tried again by itself.")
        }
        status = .pending
        serial += 1
        isManual = true
        nextAttemptAt = now
        return Plan(serial: serial, step: nil)
    }

    private mutating func end(_ status: WebhookDeliveryStatus) {
        self.status = status
        isManual = false
        nextAttemptAt = nil
    }
}
