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
        let lines = try SagaHistoryStore(tables: .checkouts, transaction: transaction).lines(
            of: SagaKey(checkoutID, of: try request.organizationID))
        // A checkout has at least the line of its start.
        guard !lines.isEmpty else { throw Problem.notFound("checkout") }
        let transitions = try lines.map { line in
            guard let state = CheckoutState(rawValue: line.state) else {
                throw UnreadableColumn(name: "checkout_history.state", value: line.state)
            }
            return CheckoutTransition(at: line.at, state: state, message: line.message)
        }
        return Answer(CheckoutHistory(checkoutID: checkoutID, data: transitions))
    }
}
