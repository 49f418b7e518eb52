import Messaging

@testable import Payments

/// A job of any kind with what came of it.
enum PerformedJob: Sendable {
    case charge(Performed<ChargeJob.Payload, ChargeVerdict>)
    case status(Performed<ChargeStatusJob.Payload, ChargeVerdict>)
    case refund(Performed<RefundJob.Payload, RefundVerdict>)
    case refundStatus(Performed<RefundStatusJob.Payload, RefundVerdict>)

    var charge: Performed<ChargeJob.Payload, ChargeVerdict>? {
        if case .charge(let performed) = self { performed } else { nil }
    }

    var status: Performed<ChargeStatusJob.Payload, ChargeVerdict>? {
        if case .status(let performed) = self { performed } else { nil }
    }

    var refund: Performed<RefundJob.Payload, RefundVerdict>? {
        if case .refund(let performed) = self { performed } else { nil }
    }

    var refundStatus: Performed<RefundStatusJob.Payload, RefundVerdict>? {
        if case .refundStatus(let performed) = self { performed } else { nil }
    }
}
