import Contracts

/// What a verdict makes of a charge. The provider's answer, its notifications and status queries all pass through here,
/// in any order and any number, and each step happens once.
///
/// A capture is a fact and always wins: money that arrives for a charge that had failed, or for an order that was paid
/// before, is kept and marked, never ignored.
struct ChargeSettlement: Sendable, Equatable {
    enum Step: Sendable, Equatable {
        /// Nothing that anyone must hear of.
        case none
        /// The provider has not decided: said once per charge.
        case becamePending
        /// The money was taken: journal entry and event.
        case captured
        /// No money was taken.
        case failed
    }

    /// The charge afterwards.
    private(set) var charge: ChargeRecord
    private(set) var step: Step = .none

    /// - Parameter orderIsPaid: whether another charge of the same order has been captured.
    init(of charge: ChargeRecord, by verdict: ChargeVerdict, orderIsPaid: Bool) {
        self.charge = charge
        switch (charge.status, verdict) {
        case (.initiated, .captured(let reference, let capturedAt)),
            (.pending, .captured(let reference, let capturedAt)):
            capture(reference, at: capturedAt, anomaly: orderIsPaid ? .secondCapture : nil)
        case (.failed, .captured(let reference, let capturedAt)):
            capture(reference, at: capturedAt, anomaly: orderIsPaid ? .secondCapture : .capturedAfterFailure)
        case (.initiated, .failed(let reason, let detail)), (.pending, .failed(let reason, let detail)):
            fail(reason, detail: detail)
        case (.succeeded, .failed):
            self.charge.anomaly = charge.anomaly ?? .deniedAfterCapture
        case (.initiated, .pending(let reference)):
            becomePending(reference)
        case (.initiated, .absent), (.initiated, .unavailable), (.initiated, .unknown):
            becomePending(nil)
        case (.pending, .pending(let reference)):
            self.charge.providerReference = charge.providerReference ?? reference
        case (.pending, .absent), (.pending, .unavailable), (.pending, .unknown), (.failed, _), (.succeeded, _):
            break
        }
    }

    private mutating func capture(_ reference: String, at capturedAt: Timestamp, anomaly: ChargeAnomaly?) {
        charge.status = .succeeded
        charge.token = nil
        charge.providerReference = reference
        charge.capturedAt = capturedAt
        charge.failureReason = nil
        charge.failureDetail = nil
        charge.anomaly = anomaly
        step = .captured
    }

    private mutating func fail(_ reason: ChargeFailure, detail: String) {
        charge.status = .failed
        charge.token = nil
        charge.failureReason = reason
        charge.failureDetail = detail
        step = .failed
    }

    private mutating func becomePending(_ reference: String?) {
        charge.status = .pending
        charge.providerReference = reference
        step = .becamePending
    }
}
