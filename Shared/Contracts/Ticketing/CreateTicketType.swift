/// Add a ticket type to an event.
public struct CreateTicketType: Request {
    public static let name = "ticketing.create-ticket-type.v1"
    public static let recipient = ServiceName.ticketing
    public typealias Reply = TicketTypeDetails
    public static var replyExample: TicketTypeDetails { .example }

    public var ticketTypeID: TicketTypeID
    public var eventID: EventID
    public var draft: TicketTypeDraft

    enum CodingKeys: String, CodingKey {
        case draft
        case ticketTypeID = "ticket_type_id"
        case eventID = "event_id"
    }

    public init(ticketTypeID: TicketTypeID, eventID: EventID, draft: TicketTypeDraft) {
        self.ticketTypeID = ticketTypeID
        self.eventID = eventID
        self.draft = draft
    }

    public static var example: CreateTicketType {
        CreateTicketType(ticketTypeID: .example, eventID: .example, draft: .example)
    }
}
