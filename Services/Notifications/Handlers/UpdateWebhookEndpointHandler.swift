import Contracts
import Messaging
import Postgres

/// Changes an endpoint. Disabling it ends its pending deliveries; enabling it again starts with the next event, and with no
/// memory of what went wrong before.
struct UpdateWebhookEndpointHandler: SingleRequestHandler {
    let urlCheck: WebhookURLCheck

    func answer(
        _ request: Received<UpdateWebhookEndpoint>, in transaction: PostgresTransaction, at moment: Moment
    ) throws -> Answer<WebhookEndpointDetails> {
        let organizationID = try request.organizationID
        let changes = request.body.changes
        let store = WebhookEndpointStore(transaction: transaction)
        let known = try store.require(request.body.endpointID, organizationID: organizationID, locking: true).details
        var endpoint = known
        if let url = changes.url, url != known.url {
            try urlCheck.require(url)
            endpoint.url = url
        }
        if let types = changes.eventTypes { endpoint.eventTypes = try WebhookEventTypes.checked(types) }
        if let status = changes.status, status != known.status {
            endpoint.status = status
            endpoint.disabledReason = nil
            endpoint.disabledAt = nil
            endpoint.failingSince = nil
        }
        guard endpoint != known else { return Answer(known) }
        endpoint.updatedAt = moment.now
        try store.update(endpoint)
        if endpoint.status == .disabled, known.status == .enabled {
            try WebhookDeliveryStore(transaction: transaction).endPending(
                of: endpoint.id, organizationID: organizationID, at: moment.now)
        }
        return Answer(endpoint)
    }
}
