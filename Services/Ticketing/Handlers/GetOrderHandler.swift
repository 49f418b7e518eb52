import Contracts
import Messaging
import Postgres

/// Answers with one order.
struct GetOrderHandler: SingleRequestHandler {
    static let isReadOnly = true

    func answer(
        _ request: Received<GetOrder>, in transaction: PostgresTransaction, at moment: Moment
    ) throws -> Answer<OrderDetails> {
        let orders = OrderReader(transaction: transaction, organizationID: try request.organizationID)
        guard let order = try orders.order(request.body.orderID) else { throw Problem.notFound("order") }
        return Answer(order)
    }
}
