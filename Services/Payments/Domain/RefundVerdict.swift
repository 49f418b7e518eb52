import Contracts

/// What one call or notification tells about a refund.
enum RefundVerdict: Sendable, Equatable {
    /// The money was given back.
    case refunded(reference: String, at: Timestamp)
    /// The provider does not give this money back.
    case refused(detail: String)
    /// The provider has the refund and has not decided.
    case pending(reference: String?)
    /// The provider has never accepted a refund under this key.
    case absent
    /// The provider refused the call without looking at the refund.
    case unavailable
    /// No answer in time, or one that says nothing: the money may have been given back.
    case unknown
}
