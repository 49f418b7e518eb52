import Contracts
import Messaging
import Postgres

/// Keeps what reports call an occurrence.
struct OccurrenceChangedHandler: MessageHandler {
    func handle(
        _ messages: [Received<OccurrenceChanged>], in transaction: PostgresTransaction, at moment: Moment
    ) throws -> [Effects] {
        try CatalogueStore(transaction: transaction).apply(
            messages.map { (organizationID: try $0.organizationID, occurrence: $0.body.occurrence) })
        return messages.map { _ in .none }
    }
}
