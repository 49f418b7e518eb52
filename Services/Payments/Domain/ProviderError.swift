/// Why a provider gave no verdict.
enum ProviderError: Error, Sendable, Equatable {
    /// It refused the call without looking at it (HTTP 503): this call moved no money.
    case unavailable
    /// The idempotency key was used before for something else: another amount, currency, token or charge.
    case idempotencyKeyReused
}
