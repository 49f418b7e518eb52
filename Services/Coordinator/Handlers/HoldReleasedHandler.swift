import Contracts
import Messaging
import Postgres

/// The places of an ended checkout are free again.
struct HoldReleasedHandler: MessageHandler {
    let runner: CheckoutRunner

    func handle(
        _ messages: [Received<HoldReleased>], in transaction: PostgresTransaction, at moment: Moment
    ) throws -> [Effects] {
        try runner.handle(messages, in: transaction, at: moment) { ($0.checkoutID, .holdReleased($0)) }
    }
}
