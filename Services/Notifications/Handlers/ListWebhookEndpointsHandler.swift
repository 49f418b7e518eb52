import Contracts
import Messaging
import Postgres

/// Lists the organisation's endpoints, newest first, without their secrets.
struct ListWebhookEndpointsHandler: SingleRequestHandler {
    static let isReadOnly = true

    func answer(
        _ request: Received<ListWebhookEndpoints>, in transaction: PostgresTransaction, at moment: Moment
    ) throws -> Answer<Page<WebhookEndpointDetails>> {
        let page = request.body.page
        let limit = try page.validLimit
        let endpoints = try WebhookEndpointStore(transaction: transaction).page(
            before: try page.position(), organizationID: try request.organizationID, limit: limit + 1)
        return Answer(Page(rows: endpoints, limit: limit) { $0.id.description })
    }
}
