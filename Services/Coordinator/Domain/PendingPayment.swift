import Contracts

/// What the buyer wants to pay with as soon as the tickets are held. Forgotten once the charge is ordered.
struct PendingPayment: Codable, Sendable, Equatable {
    let chargeID: ChargeID
    let instrument: PaymentInstrument
}
