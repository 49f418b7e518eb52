import Contracts
import Messaging
import Postgres

/// Answers with one ticket.
struct GetTicketHandler: SingleRequestHandler {
    static let isReadOnly = true

    func answer(
        _ request: Received<GetTicket>, in transaction: PostgresTransaction, at moment: Moment
    ) throws -> Answer<TicketDetails> {
        let orders = OrderReader(transaction: transaction, organizationID: try request.organizationID)
        guard let ticket = try orders.ticket(request.body.ticketID) else { throw Problem.notFound("ticket") }
        return Answer(ticket)
    }
}
