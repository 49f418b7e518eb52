import Contracts
import TicketDocuments

extension TicketSheet {
    /// The printed tickets of an order.
    init(_ document: TicketDocument) {
        let time = VenueTime(startAt: document.startAt, endAt: document.endAt, timezone: document.timezone)
        self.init(
            eventName: document.eventName.singleLine,
            occurrenceName: document.occurrenceName?.singleLine,
            startsAt: time.start,
            endsAt: time.end,
            timezone: time.zone,
            venueName: document.venueName?.singleLine ?? "To be announced",
            venueAddress: VenueAddress(document.venueAddress)?.lines.joined(separator: "\n"),
            organizerName: document.organizerName?.singleLine ?? "Voelgoed Tickets",
            orderCode: document.orderCode,
            buyerName: document.buyerName,
            tickets: document.tickets.map { ticket in
                TicketFace(
                    ticketTypeName: ticket.ticketTypeName.singleLine, holderName: ticket.holderName.singleLine,
                    priceText: document.price(ticket.priceCents), confirmationCode: ticket.publicID, code: ticket.code)
            })
    }
}
