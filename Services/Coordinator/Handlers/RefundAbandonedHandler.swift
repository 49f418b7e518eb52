import Contracts
import Messaging
import Postgres

/// The tickets of a failed refund admit again.
struct RefundAbandonedHandler: MessageHandler {
    func handle(
        _ messages: [Received<RefundAbandoned>], in transaction: PostgresTransaction, at moment: Moment
    ) throws -> [Effects] {
        try SagaRunner<RefundSaga>(in: transaction, at: moment).handle(messages) {
            ($0.refundID.rawValue, .abandoned($0))
        }
    }
}
