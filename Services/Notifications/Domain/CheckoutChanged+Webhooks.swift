import Contracts

extension CheckoutChanged {
    /// The end of a checkout whose hold ran out; nil for every other change.
    /// - Parameter occurredAt: when the event happened, which its body does not say.
    func expiryNotice(occurredAt: Timestamp) -> WebhookNotice? {
        guard checkout.state == .expired else { return nil }
        return WebhookNotice(
            type: .checkoutExpired, objectID: checkout.id.rawValue, occurredAt: occurredAt,
            data: .members([
                "checkout_id": .id(checkout.id), "occurrence_id": .id(checkout.occurrenceID),
                "order_id": checkout.orderID.map { .id($0) },
                "total_cents": checkout.quote.map { .integer($0.totalCents) },
                "currency": checkout.quote.map { .string($0.currency.rawValue) }, "buyer_email": .string(buyer.email),
                "expired_at": .time(checkout.expiresAt ?? occurredAt),
            ]))
    }
}
