import Contracts

/// What a provider is asked to take.
struct ProviderCharge: Codable, Sendable, Equatable {
    /// The idempotency key.
    let chargeID: ChargeID
    /// Minor units of `currency`.
    let amountCents: Int
    let currency: Currency
    let token: String
    /// When the buyer's hold ends.
    let holdExpiresAt: Timestamp
}

extension ProviderCharge {
    /// Nil once the charge has ended, because its token is gone.
    init?(_ charge: ChargeRecord) {
        guard let token = charge.token else { return nil }
        self.init(
            chargeID: charge.id, amountCents: charge.amountCents, currency: charge.currency, token: token,
            holdExpiresAt: charge.holdExpiresAt)
    }
}
