/// Why a charge failed.
public enum ChargeFailure: String, Codable, Sendable, CaseIterable {
    case declined
    case insufficientFunds = "insufficient_funds"
    case invalidToken = "invalid_token"
    case unknownProvider = "unknown_provider"
    case providerError = "provider_error"

    public static var example: ChargeFailure { .declined }
}
