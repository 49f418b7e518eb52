/// What a client of the load does.
enum OperationKind: String, Codable, Sendable, CaseIterable {
    /// Buys with a payment.
    case checkout
    /// Holds tickets and cancels the checkout.
    case cancel
    /// Goes in, tries again, goes out, and in again, with one ticket.
    case visit
    /// Gives an order back, or a part of its money.
    case refund
    /// Cancels a whole occurrence.
    case cancellation
}
