import Contracts
import Messaging
import Postgres

/// Says what refunding would come to, or why it cannot be. Nothing is promised: the preparation decides.
struct QuoteRefundHandler: SingleRequestHandler {
    static let isReadOnly = true

    func answer(
        _ request: Received<QuoteRefund>, in transaction: PostgresTransaction, at moment: Moment
    ) throws -> Answer<RefundQuote> {
        let organizationID = try request.organizationID
        let orderIDs = [request.body.orderID]
        let results = try transaction.pipeline([
            RefundQueries.ordersQuery(orderIDs, of: organizationID),
            RefundQueries.ticketsQuery(orderIDs, of: organizationID), RefundQueries.termsQuery(orderIDs),
        ])
        let order = try RefundQueries.orders(results[0], tickets: results[1])[request.body.orderID]
        do {
            let plan = try RefundPlan.make(
                for: request.body.draft, of: order, cause: .requested,
                terms: RefundQueries.terms(results[2])[request.body.orderID], now: moment.now)
            guard let order else { throw Problem.notFound("order") }
            return Answer(
                RefundQuote(
                    checkoutID: order.checkoutID, occurrenceID: order.occurrenceID, amountCents: plan.amountCents,
                    currency: order.currency, ticketIDs: plan.ticketIDs))
        } catch let rejection as RefundRejection {
            throw rejection.problem
        }
    }
}
