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
        let checkouts = try CheckoutStore(transaction: transaction).find(
            requests.map(\.body.checkoutID), organizationID: organizationID)
        return requests.map { request in
            let key = CheckoutKey(id: request.body.checkoutID, organizationID: organizationID)
            guard let checkout = checkouts[key] else { return Answer(refusing: .notFound("checkout")) }
            return Answer(checkout.details)
        }
    }
}
