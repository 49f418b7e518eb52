/// Sales of one ticket type.
public struct TicketTypeReport: Codable, Sendable, Equatable {
    public var ticketTypeID: TicketTypeID
    public var name: String
    public var ticketsSold: Int
    public var revenueCents: Int
    public var checkedIn: Int

    enum CodingKeys: String, CodingKey {
        case name
        case ticketTypeID = "ticket_type_id"
        case ticketsSold = "tickets_sold"
        case revenueCents = "revenue_cents"
        case checkedIn = "checked_in"
    }

    public init(ticketTypeID: TicketTypeID, name: String, ticketsSold: Int, revenueCents: Int, checkedIn: Int) {
        self.ticketTypeID = ticketTypeID
        self.name = name
        self.ticketsSold = ticketsSold
        self.revenueCents = revenueCents
        self.checkedIn = checkedIn
    }

    public static var example: TicketTypeReport {
        TicketTypeReport(
            ticketTypeID: .example, name: "General Admission", ticketsSold: 2, revenueCents: 5000, checkedIn: 1
        )
    }
}
