import Contracts
import Messaging
import Postgres

/// The provider keeps the money.
struct RefundFailedHandler: MessageHandler {
    func handle(
        _ messages: [Received<RefundFailed>], in transaction: PostgresTransaction, at moment: Moment
    ) throws -> [Effects] {
        try MoneyReturn(in: transaction, at: moment).handle(
            messages, of: { ($0.refundID, $0.chargeID, $0.checkoutID) }, checkout: { .refundFailed($0) },
            refund: { .moneyKept($0) })
    }
}
