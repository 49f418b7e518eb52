import Contracts
import Messaging
import Postgres

/// Puts a checkout on record and asks for its places. The same id again is answered with the checkout as it stands.
struct StartCheckoutHandler: RequestHandler {
    let runner: CheckoutRunner

    func answer(
        _ requests: [Received<StartCheckout>], in transaction: PostgresTransaction, at moment: Moment
    ) throws -> [Answer<CheckoutDetails>] {
        guard let organizationID = try requests.first?.organizationID else { return [] }
        var answers: [Answer<CheckoutDetails>?] = requests.map { request in
            request.body.problem.map { Answer(refusing: $0) }
        }
        let valid = requests.indices.filter { answers[$0] == nil }
        let begun = try runner.begin(
            valid.map { requests[$0].body }, organizationID: organizationID, in: transaction, at: moment)
        for (index, answer) in zip(valid, begun) {
            answers[index] = answer
        }
        return answers.compactMap { $0 }
    }
}
