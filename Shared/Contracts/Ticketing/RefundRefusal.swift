/// Why an order's refund was refused.
public enum RefundRefusal: String, Codable, Sendable, CaseIterable {
    case unknownOrder = "unknown_order"
    /// The order was never paid for.
    case notCompleted = "not_completed"
    /// Nothing of what was asked for is left to refund.
    case alreadyRefunded = "already_refunded"
    /// More than is left of the payment.
    case exceedsPayment = "exceeds_payment"
    /// The event's refund policy does not grant it.
    case policy

    public static var example: RefundRefusal { .alreadyRefunded }
}
