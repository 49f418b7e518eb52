/// One refund.
public struct GetRefund: Request {
    public static let name = "coordinator.get-refund.v1"
    public static let recipient = ServiceName.coordinator
    public typealias Reply = RefundDetails
    public static var replyExample: RefundDetails { .example }

    public var refundID: RefundID

    enum CodingKeys: String, CodingKey {
        case refundID = "refund_id"
    }

    public init(refundID: RefundID) {
        self.refundID = refundID
    }

    public static var example: GetRefund {
        GetRefund(refundID: .example)
    }
}
