import Contracts
import Foundation
import Messaging
import Postgres

/// Writes what somebody did into the audit log.
struct ActionRecordedHandler: MessageHandler {
    /// The action has an id that the log cannot be ordered by.
    struct MalformedActionID: Error, Equatable, CustomStringConvertible {
        let id: String

        var description: String { "the action id \(id) is not a UUID" }
    }

    func handle(
        _ messages: [Received<ActionRecorded>], in transaction: PostgresTransaction, at moment: Moment
    ) throws -> [Effects] {
        let lines = try messages.map { message in
            guard let id = UUID(uuidString: message.body.actionID) else {
                throw MalformedActionID(id: message.body.actionID)
            }
            return AuditLogStore.Line(
                id: id, organizationID: message.envelope.organizationID, action: message.body)
        }
        try AuditLogStore(transaction: transaction).append(lines)
        return messages.map { _ in .none }
    }
}
