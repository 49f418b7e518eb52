import Contracts
import Messaging
import Postgres

/// Puts the tickets of a completed order into the gates' index.
struct OrderCompletedHandler: MessageHandler {
    func handle(
        _ messages: [Received<OrderCompleted>], in transaction: PostgresTransaction, at moment: Moment
    ) throws -> [Effects] {
        try TicketStore(transaction: transaction).index(messages.map { (try $0.organizationID, $0.body) })
        return messages.map { _ in .none }
    }
}
