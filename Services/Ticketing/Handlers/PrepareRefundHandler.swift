import Contracts
import Messaging
import Postgres

/// Takes the tickets of refunds back, or refuses, by the same rule as the quote and under lock.
///
/// A refund that is known is answered with the latest word about it, so that repeating the command changes nothing: it is
/// prepared, or it has ended since.
struct PrepareRefundHandler: MessageHandler {
    func handle(
        _ messages: [Received<PrepareRefund>], in transaction: PostgresTransaction, at moment: Moment
    ) throws -> [Effects] {
        try RefundBatch.settle(messages, in: transaction, at: moment) { batch, command, organizationID in
            do {
                let order = batch.order(command, of: organizationID)
                if let known = try batch.refund(command, of: order) { return try batch.answer(known) }
                let plan = try RefundPlan.make(
                    for: command.draft, of: order, cause: command.cause, terms: batch.terms(of: command.orderID),
                    now: moment.now)
                let prepared = try batch.prepare(command, plan)
                return try batch.answer(prepared)
            } catch let rejection as RefundRejection {
                return RefundRefused(command, rejection)
            }
        }
    }
}
