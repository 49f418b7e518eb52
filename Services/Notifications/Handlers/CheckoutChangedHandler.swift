import Contracts
import Messaging
import Postgres

/// Tells the organisation's webhooks of checkouts that expired.
struct CheckoutChangedHandler: MessageHandler {
    func handle(
        _ messages: [Received<CheckoutChanged>], in transaction: PostgresTransaction, at moment: Moment
    ) throws -> [Effects] {
        let jobs = try WebhookPublisher(transaction: transaction, moment: moment).publish(
            messages.map { message in
                WebhookPublisher.Announcement(
                    organizationID: try message.organizationID, messageID: message.envelope.id,
                    notices: [message.body.expiryNotice(occurredAt: message.envelope.occurredAt)].compactMap(\.self))
            })
        return jobs.map { Effects(jobs: $0) }
    }
}
