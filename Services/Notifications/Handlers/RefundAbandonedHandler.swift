import Contracts
import Messaging
import Postgres

/// Keeps which tickets are as good as before, because their refund is off.
struct RefundAbandonedHandler: MessageHandler {
    func handle(
        _ messages: [Received<RefundAbandoned>], in transaction: PostgresTransaction, at moment: Moment
    ) throws -> [Effects] {
        let changes = try messages.flatMap { message in
            let organizationID = try message.organizationID
            return message.body.ticketIDs.map { ticketID in
                TicketRefundStore.Change(
                    ticketID: ticketID, organizationID: organizationID, orderID: message.body.orderID,
                    orderVersion: message.body.orderVersion, state: .givenBack)
            }
        }
        try TicketRefundStore(transaction: transaction).apply(changes, at: moment.now)
        return messages.map { _ in .none }
    }
}
