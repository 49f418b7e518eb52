import Contracts

/// One attempt of a checkout to take the buyer's money.
struct CheckoutCharge: Codable, Sendable, Equatable {
    let id: ChargeID
    var state: ChargeState
    var failure: ChargeFailure?
}
