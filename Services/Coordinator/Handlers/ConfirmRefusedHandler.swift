import Contracts
import Messaging
import Postgres

/// The tickets could not be confirmed: a paid checkout waits for its refund, a free one is over.
struct ConfirmRefusedHandler: MessageHandler {
    let runner: CheckoutRunner

    func handle(
        _ messages: [Received<ConfirmRefused>], in transaction: PostgresTransaction, at moment: Moment
    ) throws -> [Effects] {
        try runner.handle(messages, in: transaction, at: moment) { ($0.checkoutID, .confirmRefused($0)) }
    }
}
