import Contracts
import Messaging
import Postgres

/// Revokes the tickets that are being refunded: nobody gets in with them from now on.
struct RefundPreparedHandler: MessageHandler {
    func handle(
        _ messages: [Received<RefundPrepared>], in transaction: PostgresTransaction, at moment: Moment
    ) throws -> [Effects] {
        var words: [RefundWord] = []
        for message in messages {
            let organizationID = try message.organizationID
            let refund = message.body
            words += refund.ticketIDs.map {
                RefundWord(
                    organizationID: organizationID, occurrenceID: refund.occurrenceID, ticketID: $0,
                    orderVersion: refund.orderVersion, isRevoked: true)
            }
        }
        try TicketStore(transaction: transaction).apply(words)
        return messages.map { _ in .none }
    }
}
