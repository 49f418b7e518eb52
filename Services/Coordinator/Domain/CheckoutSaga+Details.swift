import Contracts

extension CheckoutSaga {
    /// The checkout as readers see it.
    var details: CheckoutDetails {
        CheckoutDetails(
            id: id, state: state, occurrenceID: occurrenceID, orderID: quote == nil ? nil : orderID, quote: quote,
            expiresAt: expiresAt, tickets: tickets,
            payment: currentCharge.map { CheckoutPayment(state: $0.state, reason: $0.failure?.rawValue) },
            reason: reason, createdAt: createdAt, version: version)
    }
}
