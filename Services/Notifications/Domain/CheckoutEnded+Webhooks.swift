import Contracts

extension CheckoutEnded {
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

    /// Money that bought no tickets and went back; nil for every other change. It is told of under the checkout's id: a
    /// checkout has at most one such end, and no order.
    /// - Parameter occurredAt: when the event happened, which its body does not say.
    func refundNotice(occurredAt: Timestamp) -> WebhookNotice? {
        guard checkout.state == .refunded else { return nil }
        return WebhookNotice(
            type: .refundCompleted, objectID: checkout.id.rawValue, occurredAt: occurredAt,
            data: .members([
                "checkout_id": .id(checkout.id), "order_id": checkout.orderID.map { .id($0) },
                "occurrence_id": .id(checkout.occurrenceID),
                "amount_cents": checkout.quote.map { .integer($0.totalCents) },
                "currency": checkout.quote.map { .string($0.currency.rawValue) }, "ticket_ids": .array([]),
                "reason": checkout.reason.map { .string($0) }, "cause": .string("payment_without_tickets"),
                "buyer_email": .string(buyer.email), "refunded_at": .time(occurredAt),
            ]))
    }

    /// What the buyer is told of that.
    var refundLetter: Letter? {
        guard checkout.state == .refunded, let quote = checkout.quote else { return nil }
        return .checkoutRefunded(
            CheckoutRefundLetter(
                checkoutID: checkout.id, buyer: buyer, amountCents: quote.totalCents, currency: quote.currency))
    }
}
