import Contracts
import Messaging
import Postgres

/// The places are reserved: the checkout goes on to payment, or straight to its tickets when it is free.
struct TicketsHeldHandler: MessageHandler {
    let runner: CheckoutRunner

    func handle(
        _ messages: [Received<TicketsHeld>], in transaction: PostgresTransaction, at moment: Moment
    ) throws -> [Effects] {
        try runner.handle(messages, in: transaction, at: moment) { ($0.checkoutID, .ticketsHeld($0)) }
    }
}
