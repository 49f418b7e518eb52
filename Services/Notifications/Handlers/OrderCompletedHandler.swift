import Contracts
import Messaging
import Postgres

/// Sends an order's tickets to its buyer and tells the organisation's webhooks. An order that was heard of before, in
/// whatever message, causes nothing.
struct OrderCompletedHandler: MessageHandler {
    func handle(
        _ messages: [Received<OrderCompleted>], in transaction: PostgresTransaction, at moment: Moment
    ) throws -> [Effects] {
        // Only the first message of an order counts, also within the batch.
        var firstIndex: [OrderID: Int] = [:]
        for (index, message) in messages.enumerated() where firstIndex[message.body.orderID] == nil {
            firstIndex[message.body.orderID] = index
        }
        let beginnings = messages.enumerated().filter { firstIndex[$1.body.orderID] == $0 }.map { _, message in
            TicketDeliveryStore.Beginning(
                notificationID: moment.makeUUID(), organizationID: message.body.organizationID,
                document: TicketDocument(message.body))
        }
        let added = try TicketDeliveryStore(transaction: transaction).add(beginnings, at: moment.now)
        let isNew = messages.enumerated().map { index, message in
            firstIndex[message.body.orderID] == index && added.contains(message.body.orderID)
        }
        let webhookJobs = try WebhookPublisher(transaction: transaction, moment: moment).publish(
            zip(messages, isNew).map { message, isNew in
                isNew
                    ? WebhookPublisher.Announcement(message)
                    : WebhookPublisher.Announcement(
                        organizationID: message.body.organizationID, messageID: message.envelope.id, notices: [])
            })
        return messages.indices.map { index in
            guard isNew[index] else { return .none }
            let body = messages[index].body
            let mail = NewJob(
                MailTicketsJob.self, MailTicketsJob.Payload(orderID: body.orderID),
                organizationID: body.organizationID)
            return Effects(jobs: [mail] + webhookJobs[index])
        }
    }
}
