import Contracts

/// What a buyer is told of a refund: that it is on its way because the occurrence was canceled, or that it is done.
struct RefundLetter: Codable, Sendable, Equatable {
    var orderID: OrderID
    var eventName: String
    var occurrenceName: String?
    var startAt: Timestamp
    /// The venue's IANA zone.
    var timezone: String
    var organizerName: String?
    var buyer: Buyer
    var amountCents: Int
    var currency: Currency
    /// How many tickets are no longer valid.
    var ticketCount: Int
    var reason: String
    /// Whether the occurrence was canceled.
    var isCancellation: Bool

    enum CodingKeys: String, CodingKey {
        case timezone, buyer, currency, reason
        case orderID = "order_id"
        case eventName = "event_name"
        case occurrenceName = "occurrence_name"
        case startAt = "start_at"
        case organizerName = "organizer_name"
        case amountCents = "amount_cents"
        case ticketCount = "ticket_count"
        case isCancellation = "is_cancellation"
    }
}

extension RefundPrepared {
    /// That the occurrence is off; nil for a refund that somebody asked for, which is told of when it is done.
    var letter: Letter? {
        guard cause == .occurrenceCanceled else { return nil }
        return .occurrenceCanceled(
            RefundLetter(
                orderID: orderID, eventName: eventName, occurrenceName: occurrenceName, startAt: startAt,
                timezone: timezone, organizerName: organizerName, buyer: buyer, amountCents: amountCents,
                currency: currency, ticketCount: ticketIDs.count, reason: reason, isCancellation: true))
    }
}

extension OrderRefunded {
    /// That the money is back; nil when there was none and the buyer knows already that the occurrence is off.
    var letter: Letter? {
        if cause == .occurrenceCanceled, amountCents == 0 { return nil }
        return .orderRefunded(
            RefundLetter(
                orderID: orderID, eventName: eventName, occurrenceName: occurrenceName, startAt: startAt,
                timezone: timezone, organizerName: organizerName, buyer: buyer, amountCents: amountCents,
                currency: currency, ticketCount: tickets.count, reason: reason,
                isCancellation: cause == .occurrenceCanceled))
    }
}
