/// What happened to a refund.
public struct GetRefundHistory: Request {
    public static let name = "coordinator.get-refund-history.v1"
    public static let recipient = ServiceName.coordinator
    public typealias Reply = SagaHistory
    public static var replyExample: SagaHistory { .example }

    public var refundID: RefundID

    enum CodingKeys: String, CodingKey {
        case refundID = "refund_id"
    }

    public init(refundID: RefundID) {
        self.refundID = refundID
    }

    public static var example: GetRefundHistory {
        GetRefundHistory(refundID: .example)
    }
}
