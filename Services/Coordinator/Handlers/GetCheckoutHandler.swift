import Contracts
import Messaging
import Postgres

/// Says how checkouts stand.
struct GetCheckoutHandler: RequestHandler {
    static let isReadOnly = true

    func answer(
        _ requests: [Received<GetCheckout>], in transaction: PostgresTransaction, at moment: Moment
    ) throws -> [Answer<CheckoutDetails>] {
        guard let organizationID = try requests.first?.organizationID else { return [] }
        let checkouts = try SagaStore<CheckoutSaga>(transaction: transaction).find(
            requests.map(\.body.checkoutID.rawValue), organizationID: organizationID)
        return requests.map { request in
            let key = SagaKey(request.body.checkoutID, of: organizationID)
            guard let checkout = checkouts[key] else { return Answer(refusing: .notFound("checkout")) }
            return Answer(checkout.details)
        }
    }
}
