import Contracts
import Messaging
import Postgres

/// Tells the buyer and the organisation's webhooks that a refund is done, and keeps which tickets are refunded.
struct OrderRefundedHandler: MessageHandler {
    func handle(
        _ messages: [Received<OrderRefunded>], in transaction: PostgresTransaction, at moment: Moment
    ) throws -> [Effects] {
        try TicketRefundStore(transaction: transaction).apply(
            messages.map(\.body).flatMap { refund in
                refund.tickets.map { ticket in
                    TicketRefundStore.Change(
                        ticketID: ticket.id, organizationID: refund.organizationID, orderID: refund.orderID,
                        orderVersion: refund.orderVersion, state: .refunded)
                }
            }, at: moment.now)
        let mails = try LetterWriter(transaction: transaction, moment: moment).write(
            messages.map(\.body).map { refund in
                refund.letter.map {
                    LetterWriter.Draft(
                        organizationID: refund.organizationID, objectID: refund.refundID.rawValue,
                        recipient: refund.buyer.email, letter: $0)
                }
            })
        let webhooks = try WebhookPublisher(transaction: transaction, moment: moment).publish(
            messages.map { message in
                WebhookPublisher.Announcement(
                    organizationID: message.body.organizationID, messageID: message.envelope.id,
                    notices: [message.body.webhookNotice])
            })
        return zip(mails, webhooks).map { Effects(jobs: $0 + $1) }
    }
}
