/// Why a refund needs a second look: its provider contradicted itself. Ledger and sagas keep to its first word, because
/// the money of the charge may have been promised elsewhere meanwhile; a person has to ask the provider.
enum RefundAnomaly: String, Sendable, CaseIterable {
    /// It had ended as failed when the provider reported that the money was given back.
    case refundedAfterFailure = "refunded_after_failure"
    /// The provider reported a refusal after it had reported that the money was given back.
    case deniedAfterRefund = "denied_after_refund"
}
