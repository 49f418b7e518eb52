/// Draw one issued ticket: its PDF, or its QR code as PNG.
public struct RenderTicket: Request {
    public static let name = "notifications.render-ticket.v1"
    public static let recipient = ServiceName.notifications
    public typealias Reply = RenderedDocument
    public static var replyExample: RenderedDocument { .example }

    public var ticketID: TicketID
    public var format: DocumentFormat

    enum CodingKeys: String, CodingKey {
        case format
        case ticketID = "ticket_id"
    }

    public init(ticketID: TicketID, format: DocumentFormat) {
        self.ticketID = ticketID
        self.format = format
    }

    public static var example: RenderTicket {
        RenderTicket(ticketID: .example, format: .example)
    }
}
