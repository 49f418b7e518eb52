import Contracts

/// What a provider is asked to give back.
struct ProviderRefund: Codable, Sendable, Equatable {
    /// The idempotency key.
    let refundID: RefundID
    /// The idempotency key of the charge whose money goes back.
    let chargeID: ChargeID
    /// Minor units of `currency`.
    let amountCents: Int
    let currency: Currency
}

extension ProviderRefund {
    init(_ refund: RefundRecord) {
        self.init(
            refundID: refund.id, chargeID: refund.chargeID, amountCents: refund.amountCents, currency: refund.currency)
    }
}
