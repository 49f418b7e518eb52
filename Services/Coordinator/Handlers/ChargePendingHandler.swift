import Contracts
import Messaging
import Postgres

/// The provider has not decided yet: the places stay.
struct ChargePendingHandler: MessageHandler {
    let runner: CheckoutRunner

    func handle(
        _ messages: [Received<ChargePending>], in transaction: PostgresTransaction, at moment: Moment
    ) throws -> [Effects] {
        try runner.handle(messages, in: transaction, at: moment) { ($0.checkoutID, .chargePending($0)) }
    }
}
