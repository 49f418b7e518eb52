import Contracts
import Messaging
import Postgres

/// Revokes the tickets that were refunded. Usually their preparation has done so already; should that message ever rest
/// in the dead-letter queue, this one still keeps the tickets out.
struct OrderRefundedHandler: MessageHandler {
    func handle(
        _ messages: [Received<OrderRefunded>], in transaction: PostgresTransaction, at moment: Moment
    ) throws -> [Effects] {
        var words: [RefundWord] = []
        for message in messages {
            let organizationID = try message.organizationID
            let refund = message.body
            words += refund.tickets.map {
                RefundWord(
                    organizationID: organizationID, occurrenceID: refund.occurrenceID, ticketID: $0.id,
                    orderVersion: refund.orderVersion, isRevoked: true)
            }
        }
        try TicketStore(transaction: transaction).apply(words)
        return messages.map { _ in .none }
    }
}
