import Contracts
import Messaging
import Postgres

/// Registers an endpoint. The same request again gets the same answer, secret included.
struct CreateWebhookEndpointHandler: SingleRequestHandler {
    let urlCheck: WebhookURLCheck

    func answer(
        _ request: Received<CreateWebhookEndpoint>, in transaction: PostgresTransaction, at moment: Moment
    ) throws -> Answer<WebhookEndpointDetails> {
        let body = request.body
        let organizationID = try request.organizationID
        let store = WebhookEndpointStore(transaction: transaction)
        if let known = try store.find(body.endpointID, organizationID: organizationID) {
            return try answer(known)
        }
        let types = try WebhookEventTypes.checked(body.eventTypes)
        try urlCheck.require(body.url)
        let secret = WebhookSecret(bytes: moment.randomBytes(WebhookSecret.byteCount))
        // Others may take a slot at the same time; each lost race leaves one slot fewer.
        for _ in 0...WebhookEndpointStore.maximumCount {
            let isAdded = try store.add(
                body.endpointID, organizationID: organizationID, url: body.url, types: types, secret: secret,
                at: moment.now)
            if let endpoint = try store.find(body.endpointID, organizationID: organizationID) {
                return try answer(endpoint)
            }
            guard !isAdded, try store.count(organizationID: organizationID) < WebhookEndpointStore.maximumCount else {
                break
            }
        }
        guard try store.count(organizationID: organizationID) >= WebhookEndpointStore.maximumCount else {
            // An id of another organisation: chosen by chance never, so that nothing needs to be said of it.
            throw Problem(.conflict, "This id cannot be used.")
        }
        throw Problem(
            .conflict, "An organisation has at most \(WebhookEndpointStore.maximumCount) webhook endpoints.")
    }

    private func answer(_ endpoint: StoredWebhookEndpoint) throws -> Answer<WebhookEndpointDetails> {
        guard !endpoint.isDeleted else { throw Problem(.conflict, "This webhook endpoint was deleted.") }
        return Answer(endpoint.detailsWithSecret)
    }
}
