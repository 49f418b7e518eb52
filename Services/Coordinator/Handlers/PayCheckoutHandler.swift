import Contracts
import Messaging
import Postgres

/// Orders a charge for a checkout that awaits payment. The same charge again is answered with the checkout as it
/// stands.
struct PayCheckoutHandler: RequestHandler {
    let runner: CheckoutRunner

    func answer(
        _ requests: [Received<PayCheckout>], in transaction: PostgresTransaction, at moment: Moment
    ) throws -> [Answer<CheckoutDetails>] {
        var answers: [Answer<CheckoutDetails>?] = requests.map { request in
            request.body.problem.map { Answer(refusing: $0) }
        }
        let valid = requests.indices.filter { answers[$0] == nil }
        let steps = try runner.answer(valid.map { requests[$0] }, in: transaction, at: moment) {
            ($0.checkoutID, .paymentRequested($0))
        }
        for (index, answer) in zip(valid, steps) {
            answers[index] = answer
        }
        return answers.compactMap { $0 }
    }
}
