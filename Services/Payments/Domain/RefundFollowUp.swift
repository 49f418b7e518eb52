import Contracts

/// What to do next about a refund, and when.
enum RefundFollowUp: Sendable, Equatable {
    case none
    /// Ask the provider what became of it.
    case inquire(after: Duration)
    /// Order it again under the same idempotency key.
    case refundAgain(after: Duration)

    /// What follows a verdict that was recorded. A refund is never given up: the money is owed until the provider has
    /// given it back or refused to. The pauses are those of charges.
    /// - Parameters:
    ///   - refund: the refund after the verdict.
    ///   - round: how many questions came before this one.
    init(to verdict: RefundVerdict, of refund: RefundRecord, round: Int) {
        let delay = ChargePersistence.delay(round: round)
        switch verdict {
        case _ where refund.hasEnded: self = .none
        case .absent, .unavailable: self = .refundAgain(after: delay)
        case .pending, .unknown, .refunded, .refused: self = .inquire(after: delay)
        }
    }
}
