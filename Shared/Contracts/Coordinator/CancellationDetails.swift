/// The cancellation of an occurrence with its progress (API, `GET /v1/occurrences/{id}/cancellation`).
public struct CancellationDetails: Codable, Sendable, Equatable {
    public var occurrenceID: OccurrenceID
    public var state: CancellationState
    public var cause: CancellationCause
    public var reason: String
    /// Orders that were completed and not fully refunded before; it may still grow while payments are in flight.
    public var ordersTotal: Int
    public var ordersRefunded: Int
    /// Refunds that the provider refused.
    public var ordersFailed: Int
    public var ordersPending: Int
    /// What was refunded because of the cancellation, in minor units of `currency`.
    public var refundedCents: Int
    /// Absent while no order has been found.
    public var currency: Currency?
    public var canceledAt: Timestamp
    public var completedAt: Timestamp?

    enum CodingKeys: String, CodingKey {
        case state, cause, reason, currency
        case occurrenceID = "occurrence_id"
        case ordersTotal = "orders_total"
        case ordersRefunded = "orders_refunded"
        case ordersFailed = "orders_failed"
        case ordersPending = "orders_pending"
        case refundedCents = "refunded_cents"
        case canceledAt = "canceled_at"
        case completedAt = "completed_at"
    }

    public init(
        occurrenceID: OccurrenceID, state: CancellationState, cause: CancellationCause, reason: String,
        ordersTotal: Int, ordersRefunded: Int, ordersFailed: Int, ordersPending: Int, refundedCents: Int,
        currency: Currency? = nil, canceledAt: Timestamp, completedAt: Timestamp? = nil
    ) {
        self.occurrenceID = occurrenceID
        self.state = state
        self.cause = cause
        self.reason = reason
        self.ordersTotal = ordersTotal
        self.ordersRefunded = ordersRefunded
        self.ordersFailed = ordersFailed
        self.ordersPending = ordersPending
        self.refundedCents = refundedCents
        self.currency = currency
        self.canceledAt = canceledAt
        self.completedAt = completedAt
    }

    public static var example: CancellationDetails {
        CancellationDetails(
            occurrenceID: .example, state: .example, cause: .example, reason: "The artist is ill.", ordersTotal: 120,
            ordersRefunded: 118, ordersFailed: 1, ordersPending: 1, refundedCents: 590000, currency: .example,
            canceledAt: .example, completedAt: .example
        )
    }
}
