/// One ticket.
public struct GetTicket: Request {
    public static let name = "ticketing.get-ticket.v1"
    public static let recipient = ServiceName.ticketing
    public typealias Reply = TicketDetails
    public static var replyExample: TicketDetails { .example }

    public var ticketID: TicketID

    enum CodingKeys: String, CodingKey {
        case ticketID = "ticket_id"
    }

    public init(ticketID: TicketID) {
        self.ticketID = ticketID
    }

    public static var example: GetTicket {
        GetTicket(ticketID: .example)
    }
}
