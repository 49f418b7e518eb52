import Contracts
import Messaging
import Postgres

/// The tickets are confirmed: the checkout is complete.
struct OrderCompletedHandler: MessageHandler {
    let runner: CheckoutRunner

    func handle(
        _ messages: [Received<OrderCompleted>], in transaction: PostgresTransaction, at moment: Moment
    ) throws -> [Effects] {
        try runner.handle(messages, in: transaction, at: moment) { ($0.checkoutID, .orderCompleted($0)) }
    }
}
