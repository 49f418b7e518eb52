import Contracts
import Foundation
import Messaging
import Postgres

/// Notes a cancellation in the activity stream, and in the audit log when nobody asked for it: what an organiser does,
/// the Gateway has told already.
struct OccurrenceCanceledHandler: MessageHandler {
    func handle(
        _ messages: [Received<OccurrenceCanceled>], in transaction: PostgresTransaction, at moment: Moment
    ) throws -> [Effects] {
        var fresh = try ActivityStore(transaction: transaction).append(
            messages.map { message in
                ActivityStore.Activity(
                    name: .occurrenceCanceled, subjectID: message.body.occurrenceID.rawValue,
                    organizationID: try message.organizationID, occurrenceID: message.body.occurrenceID,
                    occurredAt: message.body.canceledAt)
            })
        let lines = messages.compactMap { message -> AuditLogStore.Line? in
            // The first of several messages about one cancellation.
            let occurrenceID = message.body.occurrenceID.rawValue
            guard fresh.remove(occurrenceID) != nil, message.body.cause != .organizer else { return nil }
            return AuditLogStore.Line(message, says: "occurrence.cancel", of: "occurrence", occurrenceID)
        }
        try AuditLogStore(transaction: transaction).append(lines)
        return messages.map { _ in .none }
    }
}
