import Contracts
import Messaging
import Postgres

/// Lists an endpoint's deliveries with their attempts, newest first.
struct ListWebhookDeliveriesHandler: SingleRequestHandler {
    static let isReadOnly = true

    func answer(
        _ request: Received<ListWebhookDeliveries>, in transaction: PostgresTransaction, at moment: Moment
    ) throws -> Answer<Page<WebhookDeliveryDetails>> {
        let page = request.body.page
        let limit = try page.validLimit
        let position: WebhookDeliveryID? = try page.position()
        let organizationID = try request.organizationID
        let endpointID = request.body.endpointID
        _ = try WebhookEndpointStore(transaction: transaction).require(endpointID, organizationID: organizationID)
        let reader = WebhookDeliveryReader(
            transaction: transaction, organizationID: organizationID, endpointID: endpointID)
        let deliveries = try reader.page(before: position, limit: limit + 1)
        return Answer(Page(rows: deliveries, limit: limit) { $0.id.description })
    }
}
