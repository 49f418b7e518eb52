import Contracts
import Messaging
import Postgres

/// The money is there: the tickets are to be confirmed.
struct ChargeSucceededHandler: MessageHandler {
    let runner: CheckoutRunner

    func handle(
        _ messages: [Received<ChargeSucceeded>], in transaction: PostgresTransaction, at moment: Moment
    ) throws -> [Effects] {
        try runner.handle(messages, in: transaction, at: moment) { ($0.checkoutID, .chargeSucceeded($0)) }
    }
}
