import Contracts

/// The cancellation of an occurrence as the API shows it: what the Coordinator tells of it, or, in the moment before the
/// Coordinator has heard of it, what Ticketing's occurrence proves.
struct Cancellation: Codable, Sendable, Equatable {
    var occurrenceID: OccurrenceID
    var state: CancellationState
    /// Unknown in that first moment.
    var cause: CancellationCause?
    /// Unknown in that first moment, but to who has just given it.
    var reason: String?
    var ordersTotal: Int
    var ordersRefunded: Int
    var ordersFailed: Int
    var ordersPending: Int
    /// Minor units of `currency`.
    var refundedCents: Int
    var currency: Currency?
    var canceledAt: Timestamp
    var completedAt: Timestamp?

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

    init(_ details: CancellationDetails) {
        occurrenceID = details.occurrenceID
        state = details.state
        cause = details.cause
        reason = details.reason
        ordersTotal = details.ordersTotal
        ordersRefunded = details.ordersRefunded
        ordersFailed = details.ordersFailed
        ordersPending = details.ordersPending
        refundedCents = details.refundedCents
        currency = details.currency
        canceledAt = details.canceledAt
        completedAt = details.completedAt
    }

    /// The cancellation that a canceled occurrence proves: its orders are about to be refunded.
    init(of occurrence: OccurrenceDetails, reason: String? = nil) {
        occurrenceID = occurrence.id
        state = .refunding
        self.reason = reason
        ordersTotal = 0
        ordersRefunded = 0
        ordersFailed = 0
        ordersPending = 0
        refundedCents = 0
        canceledAt = occurrence.updatedAt
    }

    static var example: Cancellation { Cancellation(.example) }
}
