import Contracts
import Messaging
import Postgres

/// Ends refunds whose money stays: their tickets admit again. A refund that was completed is answered as such: its money is
/// back and its places are free, and the asker has to mend what it believes.
struct AbandonRefundHandler: MessageHandler {
    func handle(
        _ messages: [Received<AbandonRefund>], in transaction: PostgresTransaction, at moment: Moment
    ) throws -> [Effects] {
        try RefundBatch.settle(messages, in: transaction, at: moment) { batch, command, organizationID in
            try batch.answer(ending: command, of: organizationID) { batch, refund in try batch.abandon(refund) }
        }
    }
}
