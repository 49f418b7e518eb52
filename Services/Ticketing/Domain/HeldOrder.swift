import Contracts

/// An order as the stock commands see it.
struct HeldOrder: Sendable, Equatable {
    let id: OrderID
    let organizationID: OrganizationID
    let checkoutID: CheckoutID
    let occurrenceID: OccurrenceID
    var status: OrderStatus
    let buyer: Buyer
    let quote: Quote
    let expiresAt: Timestamp
    var chargeID: ChargeID?
    var completedAt: Timestamp?
    /// Grows with every step of a refund of the order.
    var refundVersion = 0
    /// In the order of their positions.
    var tickets: [HeldOrderTicket]

    var quantities: [TicketQuantity] {
        quote.lines.map { TicketQuantity(ticketTypeID: $0.ticketTypeID, quantity: $0.quantity) }
    }

    /// Whether a payment pays for exactly this order. A free one needs no charge.
    func isPaid(by command: ConfirmTickets) -> Bool {
        command.paidCents == quote.totalCents && command.currency == quote.currency
            && (quote.totalCents == 0 || command.chargeID != nil)
    }

    /// The answer to the hold, the same however often it is asked.
    var ticketsHeld: TicketsHeld {
        TicketsHeld(
            checkoutID: checkoutID, orderID: id, occurrenceID: occurrenceID, quote: quote,
            tickets: tickets.map { HeldTicket(id: $0.id, ticketTypeID: $0.ticketTypeID) }, expiresAt: expiresAt)
    }

    /// The fact that follows from the order's completion, the same however often it is told; nil as long as it is not
    /// completed, and once a refund has touched it: to say again that its tickets are valid could make those look so that
    /// are being taken back. Whoever had to know it was told when it was completed.
    func completion(of occurrence: OccurrenceFacts) -> OrderCompleted? {
        guard status == .completed, refundVersion == 0, let completedAt else { return nil }
        return OrderCompleted(
            checkoutID: checkoutID, orderID: id, organizationID: organizationID, eventID: occurrence.eventID,
            occurrenceID: occurrenceID, eventName: occurrence.eventName, occurrenceName: occurrence.occurrenceName,
            startAt: occurrence.startAt, endAt: occurrence.endAt, timezone: occurrence.timezone,
            venueName: occurrence.venueName, venueAddress: occurrence.venueAddress,
            organizerName: occurrence.organizerName, buyer: buyer,
            tickets: tickets.compactMap(\.issued), totalCents: quote.totalCents, currency: quote.currency,
            chargeID: chargeID, completedAt: completedAt)
    }
}
