import Contracts

/// What a verdict makes of a refund. The provider's answer, its notifications and status queries all pass through here,
/// in any order and any number, and each step happens once.
///
/// A refund that has ended stays as it ended: a provider that says otherwise afterwards is marked, never ignored.
struct RefundSettlement: Sendable, Equatable {
    enum Step: Sendable, Equatable {
        /// Nothing that anyone must hear of.
        case none
        /// The provider has not decided: said once per refund.
        case becamePending
        /// The money was given back: journal entry and event.
        case succeeded
        /// The money stays: the entry of the acceptance is reversed.
        case failed
    }

    /// The refund afterwards.
    private(set) var refund: RefundRecord
    private(set) var step: Step = .none

    init(of refund: RefundRecord, by verdict: RefundVerdict) {
        self.refund = refund
        switch (refund.status, verdict) {
        case (.initiated, .refunded(let reference, let refundedAt)),
            (.pending, .refunded(let reference, let refundedAt)):
            succeed(reference, at: refundedAt)
        case (.initiated, .refused(let detail)), (.pending, .refused(let detail)):
            self.refund = refund.refused(.providerRefused, detail: detail)
            step = .failed
        case (.failed, .refunded):
            self.refund.anomaly = refund.anomaly ?? .refundedAfterFailure
        case (.succeeded, .refused):
            self.refund.anomaly = refund.anomaly ?? .deniedAfterRefund
        case (.initiated, .pending(let reference)):
            becomePending(reference)
        case (.initiated, .absent), (.initiated, .unavailable), (.initiated, .unknown):
            becomePending(nil)
        case (.pending, .pending(let reference)):
            self.refund.providerReference = refund.providerReference ?? reference
        case (.pending, .absent), (.pending, .unavailable), (.pending, .unknown), (.failed, _), (.succeeded, _):
            break
        }
    }

    private mutating func succeed(_ reference: String, at refundedAt: Timestamp) {
        refund.status = .succeeded
        refund.providerReference = reference
        refund.refundedAt = refundedAt
        step = .succeeded
    }

    private mutating func becomePending(_ reference: String?) {
        refund.status = .pending
        refund.providerReference = reference
        step = .becamePending
    }
}
