/// The refund cannot be: nothing has changed.
public struct RefundRefused: Event {
    public static let name = "ticketing.refund-refused.v1"
    public static let source = ServiceName.ticketing

    public var refundID: RefundID
    public var orderID: OrderID
    public var occurrenceID: OccurrenceID
    public var reason: RefundRefusal
    public var detail: String

    enum CodingKeys: String, CodingKey {
        case reason, detail
        case refundID = "refund_id"
        case orderID = "order_id"
        case occurrenceID = "occurrence_id"
    }

    public init(
        refundID: RefundID, orderID: OrderID, occurrenceID: OccurrenceID, reason: RefundRefusal, detail: String
    ) {
        self.refundID = refundID
        self.orderID = orderID
        self.occurrenceID = occurrenceID
        self.reason = reason
        self.detail = detail
    }

    public static var example: RefundRefused {
        RefundRefused(
            refundID: .example, orderID: .example, occurrenceID: .example, reason: .example,
            detail: "These tickets are refunded already."
        )
    }
}
