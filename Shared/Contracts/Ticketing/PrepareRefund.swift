/// Take back the tickets of a refund: they no longer admit, but keep their places until the money is back. Answered by
/// `RefundPrepared` or `RefundRefused`.
public struct PrepareRefund: StockCommand {
    public static let name = "ticketing.prepare-refund.v1"
    public static let recipient = ServiceName.ticketing

    public var refundID: RefundID
    public var orderID: OrderID
    public var occurrenceID: OccurrenceID
    public var draft: RefundDraft
    /// A canceled occurrence is refunded whatever the policy says.
    public var cause: RefundCause

    enum CodingKeys: String, CodingKey {
        case draft, cause
        case refundID = "refund_id"
        case orderID = "order_id"
        case occurrenceID = "occurrence_id"
    }

    public init(
        refundID: RefundID, orderID: OrderID, occurrenceID: OccurrenceID, draft: RefundDraft, cause: RefundCause
    ) {
        self.refundID = refundID
        self.orderID = orderID
        self.occurrenceID = occurrenceID
        self.draft = draft
        self.cause = cause
    }

    public static var example: PrepareRefund {
        PrepareRefund(refundID: .example, orderID: .example, occurrenceID: .example, draft: .example, cause: .example)
    }
}
