import Contracts
import Messaging
import Postgres

/// Lets tickets in again whose refund is off.
struct RefundAbandonedHandler: MessageHandler {
    func handle(
        _ messages: [Received<RefundAbandoned>], in transaction: PostgresTransaction, at moment: Moment
    ) throws -> [Effects] {
        var words: [RefundWord] = []
        for message in messages {
            let organizationID = try message.organizationID
            let refund = message.body
            words += refund.ticketIDs.map {
                RefundWord(
                    organizationID: organizationID, occurrenceID: refund.occurrenceID, ticketID: $0,
                    orderVersion: refund.orderVersion, isRevoked: false)
            }
        }
        try TicketStore(transaction: transaction).apply(words)
        return messages.map { _ in .none }
    }
}
