import Contracts
import Messaging
import Postgres

/// Counts the tickets of a completed order as sold.
struct OrderCompletedHandler: MessageHandler {
    func handle(
        _ messages: [Received<OrderCompleted>], in transaction: PostgresTransaction, at moment: Moment
    ) throws -> [Effects] {
        var sales: [Sale] = []
        for message in messages {
            let organizationID = try message.organizationID
            sales += message.body.tickets.map {
                Sale(organizationID: organizationID, order: message.body, ticket: $0)
            }
        }
        try ReportStore(transaction: transaction).add(sales)
        return messages.map { _ in .none }
    }
}
