import Messaging

@testable import Payments

/// A job of either kind with what came of it.
enum PerformedJob: Sendable {
    case charge(Performed<ChargeJob.Payload, ChargeVerdict>)
    case status(Performed<ChargeStatusJob.Payload, ChargeVerdict>)

    var charge: Performed<ChargeJob.Payload, ChargeVerdict>? {
        if case .charge(let performed) = self { performed } else { nil }
    }

    var status: Performed<ChargeStatusJob.Payload, ChargeVerdict>? {
        if case .status(let performed) = self { performed } else { nil }
    }
}
