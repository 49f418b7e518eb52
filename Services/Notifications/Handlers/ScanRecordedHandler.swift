import Contracts
import Messaging
import Postgres

/// Tells the organisation's webhooks of tickets that were admitted for the first time.
struct ScanRecordedHandler: MessageHandler {
    func isConcerned(by message: Received<ScanRecorded>) -> Bool { message.body.checkInNotice != nil }

    func handle(
        _ messages: [Received<ScanRecorded>], in transaction: PostgresTransaction, at moment: Moment
    ) throws -> [Effects] {
        let jobs = try WebhookPublisher(transaction: transaction, moment: moment).publish(
            messages.map { message in
                WebhookPublisher.Announcement(
                    organizationID: try message.organizationID, messageID: message.envelope.id,
                    notices: [message.body.checkInNotice].compactMap(\.self))
            })
        return jobs.map { Effects(jobs: $0) }
    }
}
