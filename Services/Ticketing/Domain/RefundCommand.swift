import Contracts

/// A stock command about one refund of one order.
protocol RefundCommand: StockCommand {
    var refundID: RefundID { get }
    var orderID: OrderID { get }
}

extension PrepareRefund: RefundCommand {}
extension CompleteRefund: RefundCommand {}
extension AbandonRefund: RefundCommand {}
