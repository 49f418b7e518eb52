import Contracts

/// How a refund ends in the sandbox's book.
enum SandboxRefundOutcome: String, Sendable, CaseIterable {
    case refunded
    case refused

    /// The answer a merchant gets.
    func verdict(reference: String, at settledAt: Timestamp) -> RefundVerdict {
        switch self {
        case .refunded: .refunded(reference: reference, at: settledAt)
        case .refused: .refused(detail: "The payment provider does not give this money back.")
        }
    }
}
