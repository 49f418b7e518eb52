/// A ticket type was created or changed.
public struct TicketTypeChanged: Event {
    public static let name = "ticketing.ticket-type-changed.v1"
    public static let source = ServiceName.ticketing

    public var ticketType: TicketTypeDetails

    enum CodingKeys: String, CodingKey {
        case ticketType = "ticket_type"
    }

    public init(ticketType: TicketTypeDetails) {
        self.ticketType = ticketType
    }

    public static var example: TicketTypeChanged {
        TicketTypeChanged(ticketType: .example)
    }
}
