import Contracts
import Messaging
import Postgres

/// Keeps where organisations are written to. An older version than the known one is dropped.
struct OrganizationChangedHandler: MessageHandler {
    func handle(
        _ messages: [Received<OrganizationChanged>], in transaction: PostgresTransaction, at moment: Moment
    ) throws -> [Effects] {
        let newest = Dictionary(messages.map { ($0.body.organizationID, $0.body) }) { left, right in
            left.version >= right.version ? left : right
        }
        try OrganizationContactStore(transaction: transaction).apply(Array(newest.values))
        return messages.map { _ in .none }
    }
}
