/// The life of a refund in Payments, like that of a charge.
enum RefundStatus: String, Sendable, CaseIterable {
    case initiated
    case pending
    case succeeded
    case failed
}
