import Contracts
import Messaging
import Postgres

/// Keeps what reports call a ticket type.
struct TicketTypeChangedHandler: MessageHandler {
    func handle(
        _ messages: [Received<TicketTypeChanged>], in transaction: PostgresTransaction, at moment: Moment
    ) throws -> [Effects] {
        try CatalogueStore(transaction: transaction).apply(
            messages.map { (organizationID: try $0.organizationID, ticketType: $0.body.ticketType) })
        return messages.map { _ in .none }
    }
}
