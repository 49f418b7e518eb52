import Contracts

/// What one call or notification tells about a charge.
enum ChargeVerdict: Sendable, Equatable {
    /// The money was taken.
    case captured(reference: String, at: Timestamp)
    /// No money was taken and none will be.
    case failed(ChargeFailure, detail: String)
    /// The provider has the charge and has not decided.
    case pending(reference: String?)
    /// The provider has never accepted a charge under this key.
    case absent
    /// The provider refused the call without looking at the charge.
    case unavailable
    /// No answer in time, or one that says nothing: the money may have been taken.
    case unknown
}
