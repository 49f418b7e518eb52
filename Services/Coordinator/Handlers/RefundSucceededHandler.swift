import Contracts
import Messaging
import Postgres

/// Money is on its way back to its buyer.
struct RefundSucceededHandler: MessageHandler {
    func handle(
        _ messages: [Received<RefundSucceeded>], in transaction: PostgresTransaction, at moment: Moment
    ) throws -> [Effects] {
        try MoneyReturn(in: transaction, at: moment).handle(
            messages, of: { ($0.refundID, $0.chargeID, $0.checkoutID) }, checkout: { .refundSucceeded($0) },
            refund: { .moneyReturned($0) })
    }
}
