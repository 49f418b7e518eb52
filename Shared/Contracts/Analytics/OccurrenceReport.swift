/// Sales and attendance of one occurrence (seed A, EventReport).
public struct OccurrenceReport: Codable, Sendable, Equatable {
    public var occurrenceID: OccurrenceID
    /// Sold and not refunded.
    public var ticketsSold: Int
    /// What was paid, in minor units; refunds are not subtracted.
    public var revenueCents: Int
    /// What was given back, in minor units: for tickets, and as amounts.
    public var refundedCents: Int
    public var currency: Currency?
    /// Tickets that were let in at least once.
    public var checkedIn: Int
    public var byTicketType: [TicketTypeReport]

    enum CodingKeys: String, CodingKey {
        case currency
        case occurrenceID = "occurrence_id"
        case ticketsSold = "tickets_sold"
        case revenueCents = "revenue_cents"
        case refundedCents = "refunded_cents"
        case checkedIn = "checked_in"
        case byTicketType = "by_ticket_type"
    }

    public init(
        occurrenceID: OccurrenceID, ticketsSold: Int, revenueCents: Int, refundedCents: Int,
        currency: Currency? = nil, checkedIn: Int, byTicketType: [TicketTypeReport]
    ) {
        self.occurrenceID = occurrenceID
        self.ticketsSold = ticketsSold
        self.revenueCents = revenueCents
        self.refundedCents = refundedCents
        self.currency = currency
        self.checkedIn = checkedIn
        self.byTicketType = byTicketType
    }

    public static var example: OccurrenceReport {
        OccurrenceReport(
            occurrenceID: .example, ticketsSold: 2, revenueCents: 5000, refundedCents: 0, currency: .example,
            checkedIn: 1, byTicketType: [.example]
        )
    }
}
