import Contracts

extension OrderRefunded {
    /// The refund that is done, under its own id.
    var webhookNotice: WebhookNotice {
        WebhookNotice(
            type: .refundCompleted, objectID: refundID.rawValue, occurredAt: refundedAt,
            data: .members([
                "refund_id": .id(refundID), "order_id": .id(orderID), "checkout_id": .id(checkoutID),
                "event_id": .id(eventID), "occurrence_id": .id(occurrenceID), "amount_cents": .integer(amountCents),
                "currency": .string(currency.rawValue), "ticket_ids": .array(tickets.map { .id($0.id) }),
                "reason": .string(reason), "cause": .string(cause.rawValue), "buyer_email": .string(buyer.email),
                "order_refunded_cents": .integer(orderRefundedCents), "refunded_at": .time(refundedAt),
            ]))
    }
}
