import Contracts
import Messaging
import Postgres

/// The refund cannot be.
struct RefundRefusedHandler: MessageHandler {
    func handle(
        _ messages: [Received<RefundRefused>], in transaction: PostgresTransaction, at moment: Moment
    ) throws -> [Effects] {
        try SagaRunner<RefundSaga>(in: transaction, at: moment).handle(messages) {
            ($0.refundID.rawValue, .refused($0))
        }
    }
}
