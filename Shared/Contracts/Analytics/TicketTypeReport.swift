/// Sales of one ticket type.
public struct TicketTypeReport: Codable, Sendable, Equatable {
    public var ticketTypeID: TicketTypeID
    public var name: String
    /// Sold and not refunded.
    public var ticketsSold: Int
    /// What was paid, in minor units; refunds are not subtracted.
    public var revenueCents: Int
    /// What was given back for tickets of this type, in minor units. Refunds of an amount belong to no type. Absent in
    /// the answers of older versions.
    public var refundedCents: Int?
    public var checkedIn: Int

    enum CodingKeys: String, CodingKey {
        case name
        case ticketTypeID = "ticket_type_id"
        case ticketsSold = "tickets_sold"
        case revenueCents = "revenue_cents"
        case refundedCents = "refunded_cents"
        case checkedIn = "checked_in"
    }

    public init(
        ticketTypeID: TicketTypeID, name: String, ticketsSold: Int, revenueCents: Int, refundedCents: Int? = nil,
        checkedIn: Int
    ) {
        self.ticketTypeID = ticketTypeID
        self.name = name
        self.ticketsSold = ticketsSold
        self.revenueCents = revenueCents
        self.refundedCents = refundedCents
        self.checkedIn = checkedIn
    }

    public static var example: TicketTypeReport {
        TicketTypeReport(
            ticketTypeID: .example, name: "General Admission", ticketsSold: 2, revenueCents: 5000, refundedCents: 0,
            checkedIn: 1
        )
    }
}
