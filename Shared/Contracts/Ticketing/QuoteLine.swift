/// The price of one item at the time of the hold; it does not change while the hold lasts.
public struct QuoteLine: Codable, Sendable, Equatable {
    public var ticketTypeID: TicketTypeID
    public var name: String
    public var quantity: Int
    public var unitPriceCents: Int
    public var totalCents: Int

    enum CodingKeys: String, CodingKey {
        case name, quantity
        case ticketTypeID = "ticket_type_id"
        case unitPriceCents = "unit_price_cents"
        case totalCents = "total_cents"
    }

    public init(ticketTypeID: TicketTypeID, name: String, quantity: Int, unitPriceCents: Int, totalCents: Int) {
        self.ticketTypeID = ticketTypeID
        self.name = name
        self.quantity = quantity
        self.unitPriceCents = unitPriceCents
        self.totalCents = totalCents
    }

    public static var example: QuoteLine {
        QuoteLine(
            ticketTypeID: .example, name: "General Admission", quantity: 2, unitPriceCents: 2500, totalCents: 5000
        )
    }
}
