import Contracts
import Messaging
import Postgres

/// Makes one more attempt at each delivery of a stretch of time that ended in one of the given ways, oldest first and at
/// most so many at once. What is pending already stays as it is.
struct RetryWebhookDeliveriesHandler: SingleRequestHandler {
    /// How many one request tries again.
    static let limit = 1000

    func answer(
        _ request: Received<RetryWebhookDeliveries>, in transaction: PostgresTransaction, at moment: Moment
    ) throws -> Answer<WebhookRetrySummary> {
        let organizationID = try request.organizationID
        let body = request.body
        let endpoint = try WebhookEndpointStore(transaction: transaction).require(
            body.endpointID, organizationID: organizationID, locking: true)
        try Self.check(body)
        guard endpoint.details.status == .enabled else {
            throw Problem(.conflict, "The webhook endpoint is disabled; enable it first.")
        }
        let store = WebhookDeliveryStore(transaction: transaction)
        let position: WebhookDeliveryID? = try PageRequest(cursor: body.cursor).position()
        let found = try store.lockEnded(
            of: body.endpointID, organizationID: organizationID, statuses: body.statuses, from: body.from,
            until: body.until ?? moment.now, after: position, limit: Self.limit + 1)
        var deliveries = Array(found.prefix(Self.limit))
        var effects = Effects.none
        for index in deliveries.indices {
            guard let plan = try deliveries[index].retry(at: moment.now) else { continue }
            effects.start(DeliverWebhookJob.job(for: deliveries[index], plan))
        }
        try store.update(deliveries, at: moment.now)
        let hasMore = found.count > Self.limit
        return Answer(
            WebhookRetrySummary(
                retriedCount: deliveries.count, hasMore: hasMore,
                nextCursor: hasMore ? deliveries.last?.id.description : nil),
            causing: effects)
    }

    private static func check(_ body: RetryWebhookDeliveries) throws(Problem) {
        var errors: [Problem.FieldError] = []
        if body.statuses.isEmpty || body.statuses.contains(.pending) {
            errors.append(.init(field: "statuses", message: "must name failed, exhausted or delivered"))
        }
        if let until = body.until, until <= body.from {
            errors.append(.init(field: "until", message: "must be after from"))
        }
        guard errors.isEmpty else { throw .validation(errors) }
    }
}
