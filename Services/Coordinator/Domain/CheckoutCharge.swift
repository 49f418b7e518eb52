import Contracts

/// One attempt of a checkout to take the buyer's money.
struct CheckoutCharge: Codable, Sendable, Equatable {
    /// How far the money is on its way back.
    enum Return: String, Codable, Sendable {
        case ordered
        /// The provider has not decided.
        case pending
        case succeeded
        case failed
    }

    let id: ChargeID
    var state: ChargeState
    var failure: ChargeFailure?
    /// What the provider took, once it did, in minor units.
    var capturedCents: Int?
    var currency: Currency?
    /// Present when the money bought nothing and has to go back.
    var refund: Return?

    /// Whether its money has to go back and has not yet.
    var isGoingBack: Bool {
        switch refund {
        case .ordered, .pending: true
        case .succeeded, .failed, nil: false
        }
    }
}

extension ChargeID {
    /// The refund of a whole charge that bought nothing carries the charge's own id, so that it is ordered once however
    /// often it is decided.
    var uselessRefundID: RefundID { RefundID(rawValue) }
}

extension RefundID {
    /// The charge that ``ChargeID/uselessRefundID`` names, if this refund is of that kind.
    var uselessChargeID: ChargeID { ChargeID(rawValue) }
}
