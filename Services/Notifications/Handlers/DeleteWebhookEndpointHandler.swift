import Contracts
import Messaging
import Postgres

/// Removes an endpoint and ends its pending deliveries. Removing it again changes nothing.
struct DeleteWebhookEndpointHandler: SingleRequestHandler {
    func answer(
        _ request: Received<DeleteWebhookEndpoint>, in transaction: PostgresTransaction, at moment: Moment
    ) throws -> Answer<Done> {
        let organizationID = try request.organizationID
        let id = request.body.endpointID
        let store = WebhookEndpointStore(transaction: transaction)
        guard let endpoint = try store.find(id, organizationID: organizationID, locking: true) else {
            throw Problem.notFound("webhook endpoint")
        }
        guard !endpoint.isDeleted else { return Answer(Done()) }
        try store.delete(id, organizationID: organizationID, at: moment.now)
        try WebhookDeliveryStore(transaction: transaction).endPending(
            of: id, organizationID: organizationID, at: moment.now)
        return Answer(Done())
    }
}
