import Contracts

/// What a cancellation wants done with one checkout of its occurrence.
enum CancellationCommand: Sendable, Equatable {
    /// Nothing is paid yet: its places are given back.
    case cancel(CheckoutID)
    /// It is completed: its order is refunded.
    case refund(OrderID, RefundDraft, RefundQuote)
}

extension OrderID {
    /// The refund of a whole order by its occurrence's cancellation carries the order's own id, so that it begins once
    /// however often the order is looked at.
    var cancellationRefundID: RefundID { RefundID(rawValue) }
}
