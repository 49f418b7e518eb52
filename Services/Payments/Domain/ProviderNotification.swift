import Contracts

/// What a provider tells on its own: at least once, in any order, perhaps before the answer to our call.
struct ProviderNotification: Sendable, Equatable {
    /// What it speaks of, and what it says.
    enum Content: Sendable, Equatable {
        case charge(ChargeID, ChargeVerdict)
        case refund(RefundID, RefundVerdict)
    }

    let provider: String
    let content: Content
}

extension ProviderNotification {
    init(provider: String, chargeID: ChargeID, verdict: ChargeVerdict) {
        self.init(provider: provider, content: .charge(chargeID, verdict))
    }

    init(provider: String, refundID: RefundID, verdict: RefundVerdict) {
        self.init(provider: provider, content: .refund(refundID, verdict))
    }
}
