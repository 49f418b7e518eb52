/// The refund is off: its tickets admit again.
public struct RefundAbandoned: Event {
    public static let name = "ticketing.refund-abandoned.v1"
    public static let source = ServiceName.ticketing

    public var refundID: RefundID
    public var orderID: OrderID
    public var occurrenceID: OccurrenceID
    public var ticketIDs: [TicketID]
    public var orderVersion: Int
    public var abandonedAt: Timestamp

    enum CodingKeys: String, CodingKey {
        case refundID = "refund_id"
        case orderID = "order_id"
        case occurrenceID = "occurrence_id"
        case ticketIDs = "ticket_ids"
        case orderVersion = "order_version"
        case abandonedAt = "abandoned_at"
    }

    public init(
        refundID: RefundID, orderID: OrderID, occurrenceID: OccurrenceID, ticketIDs: [TicketID], orderVersion: Int,
        abandonedAt: Timestamp
    ) {
        self.refundID = refundID
        self.orderID = orderID
        self.occurrenceID = occurrenceID
        self.ticketIDs = ticketIDs
        self.orderVersion = orderVersion
        self.abandonedAt = abandonedAt
    }

    public static var example: RefundAbandoned {
        RefundAbandoned(
            refundID: .example, orderID: .example, occurrenceID: .example, ticketIDs: [.example], orderVersion: 3,
            abandonedAt: .example
        )
    }
}
