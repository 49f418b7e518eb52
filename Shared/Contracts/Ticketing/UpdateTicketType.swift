/// Change fields of a ticket type by JSON Merge Patch (RFC 7396); `status` may become active or disabled.
public struct UpdateTicketType: Request {
    public static let name = "ticketing.update-ticket-type.v1"
    public static let recipient = ServiceName.ticketing
    public typealias Reply = TicketTypeDetails
    public static var replyExample: TicketTypeDetails { .example }

    public var ticketTypeID: TicketTypeID
    public var changes: [String: JSONValue]

    enum CodingKeys: String, CodingKey {
        case changes
        case ticketTypeID = "ticket_type_id"
    }

    public init(ticketTypeID: TicketTypeID, changes: [String: JSONValue]) {
        self.ticketTypeID = ticketTypeID
        self.changes = changes
    }

    public static var example: UpdateTicketType {
        UpdateTicketType(ticketTypeID: .example, changes: ["status": .string("disabled")])
    }
}
