import Contracts

/// What the sandbox does with a token: one for each way a payment, and then its refund, can go. Where nothing is said of
/// refunds, they simply work.
enum SandboxToken: String, Sendable, CaseIterable {
    /// The money is taken.
    case ok = "tok_ok"
    case declined = "tok_declined"
    case insufficientFunds = "tok_insufficient_funds"
    /// Succeeds, after three seconds.
    case slow = "tok_slow"
    /// Answers pending; two seconds later the money is taken, and the sandbox tells so twice.
    case async = "tok_async"
    /// The money is taken and the answer never arrives; a status query finds it.
    case lost = "tok_lost"
    /// Like `async`, but five seconds after the buyer's hold has ended.
    case late = "tok_late"
    /// Refused as unavailable three times, then the money is taken.
    case unavailable = "tok_unavailable"

    // The money is taken at once; the difference is in giving it back.

    /// The provider refuses every refund.
    case refundRefused = "tok_refund_refused"
    /// Refunds are answered pending; two seconds later the money is given back, and the sandbox tells so twice.
    case refundAsync = "tok_refund_async"
    /// The money is given back and the answer never arrives; a status query finds it.
    case refundLost = "tok_refund_lost"
    /// Refunds are refused as unavailable three times each, then the money is given back.
    case refundUnavailable = "tok_refund_unavailable"

    /// How a call ends once it is in the book.
    enum Answering: Sendable, Equatable {
        case atOnce
        /// The call lasts until the charge is decided.
        case whenSettled
        case never
    }

    var answering: Answering {
        switch self {
        case .slow: .whenSettled
        case .lost: .never
        case .ok, .declined, .insufficientFunds, .async, .late, .unavailable, .refundRefused, .refundAsync, .refundLost,
            .refundUnavailable:
            .atOnce
        }
    }

    /// What goes into the book for a token; a text that is no token of the sandbox is an invalid one.
    static func plan(for token: String, holdExpiresAt: Timestamp, at now: Timestamp) -> SandboxPlan {
        switch SandboxToken(rawValue: token) {
        case .ok, .lost, .refundRefused, .refundAsync, .refundLost, .refundUnavailable:
            SandboxPlan(outcome: .captured, settlesAt: now)
        case .declined: SandboxPlan(outcome: .declined, settlesAt: now)
        case .insufficientFunds: SandboxPlan(outcome: .insufficientFunds, settlesAt: now)
        case .slow: SandboxPlan(outcome: .captured, settlesAt: now + .seconds(3))
        case .async: SandboxPlan(outcome: .captured, settlesAt: now + .seconds(2), notifications: 2)
        case .late:
            SandboxPlan(outcome: .captured, settlesAt: max(now, holdExpiresAt) + .seconds(5), notifications: 2)
        case .unavailable: SandboxPlan(outcome: .captured, settlesAt: now, refusals: 3)
        case nil: SandboxPlan(outcome: .invalidToken, settlesAt: now)
        }
    }
}
