import Contracts
import Messaging
import Postgres

/// Puts a refund on record and asks Ticketing for its tickets. The same id again is answered with the refund as it stands.
struct StartRefundHandler: RequestHandler {
    func answer(
        _ requests: [Received<StartRefund>], in transaction: PostgresTransaction, at moment: Moment
    ) throws -> [Answer<RefundDetails>] {
        guard let organizationID = try requests.first?.organizationID else { return [] }
        let checkouts = try SagaStore<CheckoutSaga>(transaction: transaction).find(
            requests.map(\.body.quote.checkoutID.rawValue), organizationID: organizationID)
        var answers: [Answer<RefundDetails>?] = requests.map { request in
            let checkout = checkouts[SagaKey(request.body.quote.checkoutID, of: organizationID)]
            return Self.problem(with: request.body, of: checkout).map { Answer(refusing: $0) }
        }
        let valid = requests.indices.filter { answers[$0] == nil }
        let steps = try SagaRunner<RefundSaga>(in: transaction, at: moment).begin(
            valid.map { index in
                let body = requests[index].body
                return .refund(
                    body.refundID, of: body.orderID, draft: body.draft, quote: body.quote, cause: .requested,
                    message: StartRefund.name, organizationID: organizationID, at: moment.now)
            })
        let repeated = zip(valid, steps).filter { $1 == nil }.map { requests[$0.0].body.refundID.rawValue }
        let known =
            repeated.isEmpty
            ? [:] : try SagaStore<RefundSaga>(transaction: transaction).find(repeated, organizationID: organizationID)
        for (index, step) in zip(valid, steps) {
            let body = requests[index].body
            if let step {
                answers[index] = Answer(step.saga.details, causing: step.effects)
            } else if let saga = known[SagaKey(body.refundID, of: organizationID)], saga.orderID == body.orderID {
                answers[index] = Answer(saga.details)
            } else {
                answers[index] = Answer(refusing: Problem(.conflict, "The refund's id is taken."))
            }
        }
        return answers.compactMap { $0 }
    }

    private static func problem(with request: StartRefund, of checkout: CheckoutSaga?) -> Problem? {
        guard let checkout, checkout.orderID == request.orderID,
            checkout.occurrenceID == request.quote.occurrenceID
        else {
            return .notFound("order")
        }
        guard checkout.state == .completed else {
            return Problem(.conflict, "Only a completed order can be refunded.")
        }
        return nil
    }
}
