import Contracts
import Messaging
import Postgres

/// Ends a checkout before payment and gives its places back.
struct CancelCheckoutHandler: RequestHandler {
    let runner: CheckoutRunner

    func answer(
        _ requests: [Received<CancelCheckout>], in transaction: PostgresTransaction, at moment: Moment
    ) throws -> [Answer<CheckoutDetails>] {
        try runner.answer(requests, in: transaction, at: moment) { ($0.checkoutID, .cancelRequested) }
    }
}
