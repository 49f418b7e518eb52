/// So many tickets of one type.
public struct OrderItem: Codable, Sendable, Equatable {
    public var ticketTypeID: TicketTypeID
    public var quantity: Int

    enum CodingKeys: String, CodingKey {
        case quantity
        case ticketTypeID = "ticket_type_id"
    }

    public init(ticketTypeID: TicketTypeID, quantity: Int) {
        self.ticketTypeID = ticketTypeID
        self.quantity = quantity
    }

    public static var example: OrderItem {
        OrderItem(ticketTypeID: .example, quantity: 2)
    }
}
