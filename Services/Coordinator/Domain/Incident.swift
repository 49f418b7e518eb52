/// Something that a saga cannot mend by itself: an operator must see it.
struct Incident: Sendable, Equatable {
    /// The raw value is the column `incidents.kind`.
    enum Kind: String, Codable, Sendable, CaseIterable {
        /// A service has not answered a command for half an hour, however often it was reminded.
        case answerOverdue = "answer_overdue"
        /// The provider has not decided about a charge long after the hold's end. The places stay with the buyer.
        case chargeUndecided = "charge_undecided"
        /// The provider has not decided about a refund for days.
        case refundUndecided = "refund_undecided"
        /// Money that has to go back, and the provider does not give it back.
        case refundFailed = "refund_failed"
        /// Money went back after the refund had been reported as failed: its tickets admit all the same.
        case refundedAfterFailure = "refunded_after_failure"
        /// Money came in for a charge that nobody ordered.
        case unknownCharge = "unknown_charge"
        /// Some orders of a canceled occurrence could not be refunded.
        case cancellationIncomplete = "cancellation_incomplete"
        /// The saga's stored form is none that this version reads.
        case unreadable
    }

    let kind: Kind
    /// One sentence for the operator.
    let detail: String
}
