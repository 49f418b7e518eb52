import Contracts
import Messaging
import Postgres

/// The tickets no longer admit: the money is to go back.
struct RefundPreparedHandler: MessageHandler {
    func handle(
        _ messages: [Received<RefundPrepared>], in transaction: PostgresTransaction, at moment: Moment
    ) throws -> [Effects] {
        try SagaRunner<RefundSaga>(in: transaction, at: moment).handle(messages) {
            ($0.refundID.rawValue, .prepared($0))
        }
    }
}
