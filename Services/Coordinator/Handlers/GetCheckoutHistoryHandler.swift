import Contracts
import Messaging
import Postgres

/// Says what happened to a checkout, line by line.
struct GetCheckoutHistoryHandler: SingleRequestHandler {
    typealias Body = GetCheckoutHistory

    static let isReadOnly = true

    func answer(
        _ request: Received<GetCheckoutHistory>, in transaction: PostgresTransaction, at moment: Moment
    ) throws -> Answer<CheckoutHistory> {
        let checkoutID = request.body.checkoutID
        let lines = try CheckoutHistoryStore(transaction: transaction).lines(
            of: checkoutID, organizationID: request.organizationID)
        // A checkout has at least the line of its start.
        guard !lines.isEmpty else { throw Problem.notFound("checkout") }
        return Answer(CheckoutHistory(checkoutID: checkoutID, data: lines))
    }
}
