import Contracts

/// What the tickets of one order say: everything that drawing and mailing them needs, kept from the moment they were
/// issued.
struct TicketDocument: Codable, Sendable, Equatable {
    var orderID: OrderID
    var eventName: String
    var occurrenceName: String?
    var startAt: Timestamp
    var endAt: Timestamp
    /// The venue's IANA zone.
    var timezone: String
    var venueName: String?
    var venueAddress: JSONValue?
    var organizerName: String?
    var buyer: Buyer
    var tickets: [IssuedTicket]
    var totalCents: Int
    var currency: Currency
    var completedAt: Timestamp

    enum CodingKeys: String, CodingKey {
        case timezone, buyer, tickets, currency
        case orderID = "order_id"
        case eventName = "event_name"
        case occurrenceName = "occurrence_name"
        case startAt = "start_at"
        case endAt = "end_at"
        case venueName = "venue_name"
        case venueAddress = "venue_address"
        case organizerName = "organizer_name"
        case totalCents = "total_cents"
        case completedAt = "completed_at"
    }

    init(_ order: OrderCompleted) {
        orderID = order.orderID
        eventName = order.eventName
        occurrenceName = order.occurrenceName
        startAt = order.startAt
        endAt = order.endAt
        timezone = order.timezone
        venueName = order.venueName
        venueAddress = order.venueAddress
        organizerName = order.organizerName
        buyer = order.buyer
        tickets = order.tickets
        totalCents = order.totalCents
        currency = order.currency
        completedAt = order.completedAt
    }

    /// The order as its buyer reads it: the last group of its id, so that support finds the order by the end of its id.
    var orderCode: String { String(orderID.description.suffix(12)).uppercased() }

    var buyerName: String { buyer.fullName }

    /// An amount as buyers read it.
    func price(_ cents: Int) -> String {
        cents == 0 ? "Free" : currency.format(cents)
    }

    /// The same document with one ticket only; nil when that ticket is not in it.
    func only(_ ticketID: TicketID) -> TicketDocument? {
        guard let ticket = tickets.first(where: { $0.id == ticketID }) else { return nil }
        var document = self
        document.tickets = [ticket]
        return document
    }

    /// The same document without some tickets; nil when none is left.
    func without(_ ticketIDs: Set<TicketID>) -> TicketDocument? {
        var document = self
        document.tickets.removeAll { ticketIDs.contains($0.id) }
        guard !document.tickets.isEmpty else { return nil }
        if document.tickets.count < tickets.count {
            document.totalCents = min(totalCents, document.tickets.reduce(0) { $0 + $1.priceCents })
        }
        return document
    }
}
