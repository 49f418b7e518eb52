import Contracts
import Messaging
import Postgres

/// Tells the organisation's webhooks of occurrences that will not take place. Buyers hear of it with their refunds.
struct OccurrenceCanceledHandler: MessageHandler {
    func handle(
        _ messages: [Received<OccurrenceCanceled>], in transaction: PostgresTransaction, at moment: Moment
    ) throws -> [Effects] {
        let jobs = try WebhookPublisher(transaction: transaction, moment: moment).publish(
            messages.map { message in
                WebhookPublisher.Announcement(
                    organizationID: message.body.organizationID, messageID: message.envelope.id,
                    notices: [message.body.webhookNotice])
            })
        return jobs.map { Effects(jobs: $0) }
    }
}
