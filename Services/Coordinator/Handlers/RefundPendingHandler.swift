import Contracts
import Messaging
import Postgres

/// The provider has not decided about a refund.
struct RefundPendingHandler: MessageHandler {
    func handle(
        _ messages: [Received<RefundPending>], in transaction: PostgresTransaction, at moment: Moment
    ) throws -> [Effects] {
        try MoneyReturn(in: transaction, at: moment).handle(
            messages, of: { ($0.refundID, $0.chargeID, $0.checkoutID) }, checkout: { .refundPending($0) },
            refund: { .moneyPending($0) })
    }
}
