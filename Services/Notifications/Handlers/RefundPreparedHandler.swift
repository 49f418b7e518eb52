import Contracts
import Messaging
import Postgres

/// Keeps which tickets are taken back, and tells their buyers at once when the occurrence was canceled.
struct RefundPreparedHandler: MessageHandler {
    func handle(
        _ messages: [Received<RefundPrepared>], in transaction: PostgresTransaction, at moment: Moment
    ) throws -> [Effects] {
        try TicketRefundStore(transaction: transaction).apply(
            messages.map(\.body).flatMap { refund in
                refund.ticketIDs.map { ticketID in
                    TicketRefundStore.Change(
                        ticketID: ticketID, organizationID: refund.organizationID, orderID: refund.orderID,
                        orderVersion: refund.orderVersion, state: .takenBack)
                }
            }, at: moment.now)
        let jobs = try LetterWriter(transaction: transaction, moment: moment).write(
            messages.map(\.body).map { refund in
                refund.letter.map {
                    LetterWriter.Draft(
                        organizationID: refund.organizationID, objectID: refund.refundID.rawValue,
                        recipient: refund.buyer.email, letter: $0)
                }
            })
        return jobs.map { Effects(jobs: $0) }
    }
}
