import Contracts
import Messaging
import Postgres

/// Lists orders, newest first.
struct ListOrdersHandler: SingleRequestHandler {
    static let isReadOnly = true

    func answer(
        _ request: Received<ListOrders>, in transaction: PostgresTransaction, at moment: Moment
    ) throws -> Answer<Page<OrderDetails>> {
        let limit = try request.body.page.validLimit
        let position = try request.body.page.position(of: OrderID.self)
        var checks = FieldChecks()
        checks.text(request.body.email, "email", length: 1...254)
        try checks.finish()
        let orders = OrderReader(transaction: transaction, organizationID: try request.organizationID)
        let rows = try orders.orders(
            before: position, email: request.body.email, occurrenceID: request.body.occurrenceID, limit: limit + 1)
        return Answer(Page(rows: rows, limit: limit) { $0.id.description })
    }
}
