import Contracts
import Messaging
import Postgres

/// Tells the organisation's webhooks of checkouts that expired or whose payment went back, and the buyer of the latter.
struct CheckoutEndedHandler: MessageHandler {
    /// Two of its ends alone are told of.
    func isConcerned(by message: Received<CheckoutEnded>) -> Bool {
        [.expired, .refunded].contains(message.body.checkout.state)
    }

    func handle(
        _ messages: [Received<CheckoutEnded>], in transaction: PostgresTransaction, at moment: Moment
    ) throws -> [Effects] {
        let webhooks = try WebhookPublisher(transaction: transaction, moment: moment).publish(
            messages.map { message in
                let occurredAt = message.envelope.occurredAt
                return WebhookPublisher.Announcement(
                    organizationID: try message.organizationID, messageID: message.envelope.id,
                    notices: [
                        message.body.expiryNotice(occurredAt: occurredAt),
                        message.body.refundNotice(occurredAt: occurredAt),
                    ].compactMap(\.self))
            })
        let mails = try LetterWriter(transaction: transaction, moment: moment).write(
            messages.map { message in
                let organizationID = try message.organizationID
                return message.body.refundLetter.map {
                    LetterWriter.Draft(
                        organizationID: organizationID, objectID: message.body.checkout.id.rawValue,
                        recipient: message.body.buyer.email, letter: $0)
                }
            })
        return zip(mails, webhooks).map { Effects(jobs: $0 + $1) }
    }
}
