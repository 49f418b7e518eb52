import Contracts

/// What a provider tells on its own: at least once, in any order, perhaps before the answer to our call.
struct ProviderNotification: Sendable, Equatable {
    let provider: String
    let chargeID: ChargeID
    let verdict: ChargeVerdict
}
