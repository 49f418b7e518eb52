import Contracts

/// How a charge ends in the sandbox's book.
enum SandboxOutcome: String, Sendable, CaseIterable {
    case captured
    case declined
    case insufficientFunds = "insufficient_funds"
    case invalidToken = "invalid_token"
    case canceled

    /// The answer a merchant gets.
    func verdict(reference: String, at settledAt: Timestamp) -> ChargeVerdict {
        switch self {
        case .captured: .captured(reference: reference, at: settledAt)
        case .declined: .failed(.declined, detail: "The card was declined.")
        case .insufficientFunds: .failed(.insufficientFunds, detail: "The card has insufficient funds.")
        case .invalidToken: .failed(.invalidToken, detail: "The payment token is not valid.")
        case .canceled: .failed(.providerError, detail: "The payment provider could not be reached in time.")
        }
    }
}
