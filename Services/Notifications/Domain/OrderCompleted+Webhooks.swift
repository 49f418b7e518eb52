import Contracts

extension OrderCompleted {
    /// The order, and each of its tickets, as far as that is heard.
    func webhookNotices(_ heard: Set<WebhookEventType>) -> [WebhookNotice] {
        (heard.contains(.orderCompleted) ? [notice] : []) + (heard.contains(.ticketIssued) ? tickets.map(notice) : [])
    }

    private var notice: WebhookNotice {
        WebhookNotice(
            type: .orderCompleted, objectID: orderID.rawValue, occurredAt: completedAt,
            data: .members([
                "order_id": .id(orderID), "checkout_id": .id(checkoutID), "event_id": .id(eventID),
                "occurrence_id": .id(occurrenceID), "total_cents": .integer(totalCents),
                "currency": .string(currency.rawValue), "buyer_email": .string(buyer.email),
                "ticket_ids": .array(tickets.map { .id($0.id) }), "completed_at": .time(completedAt),
            ]))
    }

    private func notice(of ticket: IssuedTicket) -> WebhookNotice {
        WebhookNotice(
            type: .ticketIssued, objectID: ticket.id.rawValue, occurredAt: completedAt,
            data: .members([
                "ticket_id": .id(ticket.id), "public_id": .string(ticket.publicID), "order_id": .id(orderID),
                "event_id": .id(eventID), "occurrence_id": .id(occurrenceID),
                "ticket_type_id": .id(ticket.ticketTypeID), "ticket_type_name": .string(ticket.ticketTypeName),
                "holder_name": .string(ticket.holderName), "price_cents": .integer(ticket.priceCents),
                "currency": .string(currency.rawValue), "issued_at": .time(completedAt),
            ]))
    }
}
