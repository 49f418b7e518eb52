import Contracts
import Messaging
import Postgres

/// Shows an endpoint, without its secret.
struct GetWebhookEndpointHandler: SingleRequestHandler {
    static let isReadOnly = true

    func answer(
        _ request: Received<GetWebhookEndpoint>, in transaction: PostgresTransaction, at moment: Moment
    ) throws -> Answer<WebhookEndpointDetails> {
        let endpoint = try WebhookEndpointStore(transaction: transaction).require(
            request.body.endpointID, organizationID: try request.organizationID)
        return Answer(endpoint.details)
    }
}
