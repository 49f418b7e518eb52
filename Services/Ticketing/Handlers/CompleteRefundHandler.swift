import Contracts
import Messaging
import Postgres

/// Ends refunds whose money is back: their tickets are refunded and their places free, each exactly once, also where the
/// occurrence is canceled or over. A refund that was abandoned is answered as such: its tickets admit again, and the asker
/// has to mend what it believes.
struct CompleteRefundHandler: MessageHandler {
    func handle(
        _ messages: [Received<CompleteRefund>], in transaction: PostgresTransaction, at moment: Moment
    ) throws -> [Effects] {
        try RefundBatch.settle(messages, in: transaction, at: moment) { batch, command, organizationID in
            try batch.answer(ending: command, of: organizationID) { batch, refund in try batch.complete(refund) }
        }
    }
}
