import Contracts
import Messaging
import Postgres

/// Keeps what reports call an event, and what kind it is.
struct EventChangedHandler: MessageHandler {
    func handle(
        _ messages: [Received<EventChanged>], in transaction: PostgresTransaction, at moment: Moment
    ) throws -> [Effects] {
        try CatalogueStore(transaction: transaction).apply(
            messages.map { (organizationID: try $0.organizationID, event: $0.body.event) })
        return messages.map { _ in .none }
    }
}
