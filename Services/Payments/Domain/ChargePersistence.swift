import Contracts

/// How long and how often Payments asks after a charge. It never gives up on one the provider may have accepted; one
/// the provider certainly does not have is ordered again until some time after the buyer's hold has ended, and then
/// called off.
struct ChargePersistence: Sendable {
    /// How long after the end of the hold a charge that the provider does not have is still ordered.
    let abandonAfter: Duration

    /// The pause before the next question, after `round` questions without an end: 1, 2, 4, 8 … 60 seconds.
    static func delay(round: Int) -> Duration {
        .seconds(min(60, 1 << min(max(round, 0), 6)))
    }

    /// From when on an absent charge is called off.
    func abandonAt(_ charge: ChargeRecord) -> Timestamp {
        charge.holdExpiresAt + abandonAfter
    }

    /// What follows a verdict that was recorded for `charge`.
    /// - Parameters:
    ///   - charge: the charge after the verdict.
    ///   - round: how many questions came before this one.
    func followUp(to verdict: ChargeVerdict, of charge: ChargeRecord, round: Int, at now: Timestamp) -> ChargeFollowUp {
        guard !charge.hasEnded else { return .none }
        let delay = Self.delay(round: round)
        switch verdict {
        case .absent, .unavailable:
            return now < abandonAt(charge) ? .chargeAgain(after: delay) : .inquire(after: delay)
        case .pending, .unknown, .captured, .failed:
            return .inquire(after: delay)
        }
    }
}
