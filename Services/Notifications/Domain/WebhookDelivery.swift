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
    /// The due attempt that no job makes at present, because the endpoint has enough to answer. It begins when one of
    /// those attempts has ended.
    private(set) var parked: Plan?

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
        status: WebhookDeliveryStatus, serial: Int, attemptCount: Int, isManual: Bool, nextAttemptAt: Timestamp?,
        parked: Plan? = nil
    ) {
        self.id = id
        self.organizationID = organizationID
        self.endpointID = endpointID
        self.status = status
        self.serial = serial
        self.attemptCount = attemptCount
        self.isManual = isManual
        self.nextAttemptAt = nextAttemptAt
        self.parked = parked
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
        case .retry(let retryAfter, let isOverloaded):
            guard let step = plan.step else {
                end(.failed)
                return .nothing
            }
            let delay = schedule.delay(
                beforeAttempt: step + 1, jitter: jitter, retryAfter: retryAfter, isOverloaded: isOverloaded)
            guard let delay else {
                end(.exhausted)
                return .nothing
            }
            parked = nil
            nextAttemptAt = now + delay
            return .attempt(Plan(serial: serial, step: step + 1), at: now + delay)
        }
        return .nothing
    }

    /// The attempt was not made because enough others run against the endpoint. It keeps its place in the queue: that of
    /// the time at which it was due.
    mutating func park(_ plan: Plan) {
        if isWaiting(for: plan) { parked = plan }
    }

    /// There is room for the parked attempt.
    /// - Returns: what to do now; nil when nothing is parked.
    mutating func unpark() -> Plan? {
        defer { parked = nil }
        return parked
    }

    /// The attempt was not made because the endpoint takes nothing any more.
    mutating func abandon(_ plan: Plan) {
        if isWaiting(for: plan) { end(.failed) }
    }

    /// The endpoint takes nothing any more.
    mutating func endWithEndpoint() {
        if status == .pending { end(.failed) }
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
        parked = nil
    }
}
