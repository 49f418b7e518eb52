/// Why a provider gave no verdict.
enum ProviderError: Error, Sendable, Equatable {
    /// It refused the call without looking at it (HTTP 503): nothing was taken by this call.
    case unavailable
    /// The idempotency key was used before for another amount, currency or token.
    case idempotencyKeyReused
}
