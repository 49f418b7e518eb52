import Contracts

extension SandboxToken {
    /// What goes into the book for a refund of a charge that was paid with a token: refunds follow their charge's token,
    /// so that whoever pays decides how giving the money back will go.
    static func refundPlan(for token: String, at now: Timestamp) -> SandboxRefundPlan {
        switch SandboxToken(rawValue: token) {
        case .refundRefused: SandboxRefundPlan(outcome: .refused, settlesAt: now)
        case .refundAsync: SandboxRefundPlan(outcome: .refunded, settlesAt: now + .seconds(2), notifications: 2)
        case .refundLost: SandboxRefundPlan(outcome: .refunded, settlesAt: now, isAnswered: false)
        case .refundUnavailable: SandboxRefundPlan(outcome: .refunded, settlesAt: now, refusals: 3)
        case .ok, .declined, .insufficientFunds, .slow, .async, .lost, .late, .unavailable, nil:
            SandboxRefundPlan(outcome: .refunded, settlesAt: now)
        }
    }
}
