import Contracts

/// What the templates of the mail with an order's tickets may name. Every text stands on one line.
struct TicketMailContent: Sendable {
    struct Ticket: Sendable {
        /// From 1.
        let number: Int
        let typeName: String
        let holderName: String
        /// What a person reads out at the door when the code cannot be scanned.
        let confirmationCode: String
        let price: String
    }

    let eventName: String
    let occurrenceName: String?
    let start: String
    let end: String
    let zone: String
    let venueName: String?
    let venueAddressLines: [String]
    let organizerName: String?
    let orderCode: String
    let buyerName: String
    let givenName: String
    let tickets: [Ticket]
    let ticketCount: Int
    /// `2 tickets`, `1 ticket`.
    let ticketCountText: String
    let total: String
    let attachmentName: String
    let publicURL: String

    init(_ document: TicketDocument, publicURL: String) {
        let time = VenueTime(startAt: document.startAt, endAt: document.endAt, timezone: document.timezone)
        let line: (String?) -> String? = { text in
            guard let line = text?.singleLine, !line.isEmpty else { return nil }
            return line
        }
        eventName = document.eventName.singleLine
        occurrenceName = line(document.occurrenceName)
        start = time.start
        end = time.end
        zone = time.zone
        venueName = line(document.venueName)
        venueAddressLines = VenueAddress(document.venueAddress)?.lines ?? []
        organizerName = line(document.organizerName)
        orderCode = document.orderCode
        buyerName = document.buyerName
        givenName = document.buyer.givenName.singleLine
        tickets = document.tickets.enumerated().map { index, ticket in
            Ticket(
                number: index + 1, typeName: ticket.ticketTypeName.singleLine, holderName: ticket.holderName.singleLine,
                confirmationCode: ticket.publicID, price: document.price(ticket.priceCents))
        }
        ticketCount = document.tickets.count
        ticketCountText = document.tickets.count == 1 ? "1 ticket" : "\(document.tickets.count) tickets"
        total = document.price(document.totalCents)
        attachmentName = Self.attachmentName(of: document)
        self.publicURL = publicURL
    }

    static func attachmentName(of document: TicketDocument) -> String {
        "tickets-\(document.orderCode).pdf"
    }
}
