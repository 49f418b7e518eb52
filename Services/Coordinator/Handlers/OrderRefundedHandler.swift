import Contracts
import Messaging
import Postgres

/// Tickets or a part of an order are refunded: the refund is complete, and its checkout shows it.
struct OrderRefundedHandler: MessageHandler {
    func handle(
        _ messages: [Received<OrderRefunded>], in transaction: PostgresTransaction, at moment: Moment
    ) throws -> [Effects] {
        let ofCheckouts = try SagaRunner<CheckoutSaga>(in: transaction, at: moment).handle(messages) {
            ($0.checkoutID.rawValue, .orderRefunded($0))
        }
        let ofRefunds = try SagaRunner<RefundSaga>(in: transaction, at: moment).handle(messages) {
            ($0.refundID.rawValue, .orderRefunded($0))
        }
        return zip(ofCheckouts, ofRefunds).map { checkout, refund in
            var effects = checkout
            effects.append(refund)
            return effects
        }
    }
}
