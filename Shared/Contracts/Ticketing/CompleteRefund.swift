/// The money is back: the tickets of the refund are refunded and their places free. Answered by `OrderRefunded`.
public struct CompleteRefund: StockCommand {
    public static let name = "ticketing.complete-refund.v1"
    public static let recipient = ServiceName.ticketing

    public var refundID: RefundID
    public var orderID: OrderID
    public var occurrenceID: OccurrenceID

    enum CodingKeys: String, CodingKey {
        case refundID = "refund_id"
        case orderID = "order_id"
        case occurrenceID = "occurrence_id"
    }

    public init(refundID: RefundID, orderID: OrderID, occurrenceID: OccurrenceID) {
        self.refundID = refundID
        self.orderID = orderID
        self.occurrenceID = occurrenceID
    }

    public static var example: CompleteRefund {
        CompleteRefund(refundID: .example, orderID: .example, occurrenceID: .example)
    }
}
