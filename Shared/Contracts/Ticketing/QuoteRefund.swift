/// What refunding this would come to. Refused with `not-found`, `already-refunded`, `refund-exceeds-payment`,
/// `validation-failed`, or `conflict` when the order is not completed or the event's policy does not grant it.
public struct QuoteRefund: Request {
    public static let name = "ticketing.quote-refund.v1"
    public static let recipient = ServiceName.ticketing
    public typealias Reply = RefundQuote
    public static var replyExample: RefundQuote { .example }

    public var orderID: OrderID
    public var draft: RefundDraft

    enum CodingKeys: String, CodingKey {
        case draft
        case orderID = "order_id"
    }

    public init(orderID: OrderID, draft: RefundDraft) {
        self.orderID = orderID
        self.draft = draft
    }

    public static var example: QuoteRefund {
        QuoteRefund(orderID: .example, draft: .example)
    }
}
