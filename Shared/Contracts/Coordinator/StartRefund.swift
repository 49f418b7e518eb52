/// Refund a completed order. The same refund again is answered with the refund as it stands.
public struct StartRefund: Request {
    public static let name = "coordinator.start-refund.v1"
    public static let recipient = ServiceName.coordinator
    public typealias Reply = RefundDetails
    public static var replyExample: RefundDetails { .example }

    /// Made by the asker, so that a repeated request finds its refund.
    public var refundID: RefundID
    public var orderID: OrderID
    public var draft: RefundDraft
    /// What Ticketing has said of it; its word at the preparation counts.
    public var quote: RefundQuote

    enum CodingKeys: String, CodingKey {
        case draft, quote
        case refundID = "refund_id"
        case orderID = "order_id"
    }

    public init(refundID: RefundID, orderID: OrderID, draft: RefundDraft, quote: RefundQuote) {
        self.refundID = refundID
        self.orderID = orderID
        self.draft = draft
        self.quote = quote
    }

    public static var example: StartRefund {
        StartRefund(refundID: .example, orderID: .example, draft: .example, quote: .example)
    }
}
