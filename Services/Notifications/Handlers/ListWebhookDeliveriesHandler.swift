import Contracts
import Messaging
import Postgres

/// Lists an endpoint's deliveries with their attempts, newest first, all of them or those the filters let through.
struct ListWebhookDeliveriesHandler: SingleRequestHandler {
    static let isReadOnly = true

    func answer(
        _ request: Received<ListWebhookDeliveries>, in transaction: PostgresTransaction, at moment: Moment
    ) throws -> Answer<Page<WebhookDeliveryDetails>> {
        let page = request.body.page
        let limit = try page.validLimit
        let position: WebhookDeliveryID? = try page.position()
        let organizationID = try request.organizationID
        let body = request.body
        let endpointID = body.endpointID
        if let from = body.from, let until = body.until, until <= from {
            throw Problem.validation("until", "must be after from")
        }
        _ = try WebhookEndpointStore(transaction: transaction).require(endpointID, organizationID: organizationID)
        let reader = WebhookDeliveryReader(
            transaction: transaction, organizationID: organizationID, endpointID: endpointID)
        let deliveries = try reader.page(
            before: position, status: body.status, from: body.from, until: body.until, limit: limit + 1)
        return Answer(Page(rows: deliveries, limit: limit) { $0.id.description })
    }
}
