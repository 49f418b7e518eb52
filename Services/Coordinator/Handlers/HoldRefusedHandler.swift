import Contracts
import Messaging
import Postgres

/// Nothing could be reserved: the checkout is over.
struct HoldRefusedHandler: MessageHandler {
    let runner: CheckoutRunner

    func handle(
        _ messages: [Received<HoldRefused>], in transaction: PostgresTransaction, at moment: Moment
    ) throws -> [Effects] {
        try runner.handle(messages, in: transaction, at: moment) { ($0.checkoutID, .holdRefused($0)) }
    }
}
