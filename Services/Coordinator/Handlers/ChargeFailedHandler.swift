import Contracts
import Messaging
import Postgres

/// No money was taken: the buyer may try again while the hold lasts.
struct ChargeFailedHandler: MessageHandler {
    let runner: CheckoutRunner

    func handle(
        _ messages: [Received<ChargeFailed>], in transaction: PostgresTransaction, at moment: Moment
    ) throws -> [Effects] {
        try runner.handle(messages, in: transaction, at: moment) { ($0.checkoutID, .chargeFailed($0)) }
    }
}
