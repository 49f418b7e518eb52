import Contracts
import Foundation
import Messaging
import Postgres

/// Counts a refund with the tickets that it took back, and notes it in the activity stream and the audit log.
struct OrderRefundedHandler: MessageHandler {
    func handle(
        _ messages: [Received<OrderRefunded>], in transaction: PostgresTransaction, at moment: Moment
    ) throws -> [Effects] {
        try ReportStore(transaction: transaction).add(
            messages.map { ReportedRefund(organizationID: try $0.organizationID, refund: $0.body) })
        var fresh = try ActivityStore(transaction: transaction).append(
            messages.map { message in
                ActivityStore.Activity(
                    name: .refundSuccess, subjectID: message.body.refundID.rawValue,
                    organizationID: try message.organizationID, occurrenceID: message.body.occurrenceID,
                    occurredAt: message.body.refundedAt)
            })
        let lines = messages.compactMap { message -> AuditLogStore.Line? in
            // The first of several messages about one refund.
            let refundID = message.body.refundID.rawValue
            guard fresh.remove(refundID) != nil else { return nil }
            return AuditLogStore.Line(message, says: "refund.complete", of: "refund", refundID)
        }
        try AuditLogStore(transaction: transaction).append(lines)
        return messages.map { _ in .none }
    }
}
