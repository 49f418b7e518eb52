import Contracts
import Messaging
import Postgres

/// Makes one more attempt at a delivery that has ended, whatever became of it. Asking again while that attempt is on
/// its way changes nothing.
struct RetryWebhookDeliveryHandler: SingleRequestHandler {
    func answer(
        _ request: Received<RetryWebhookDelivery>, in transaction: PostgresTransaction, at moment: Moment
    ) throws -> Answer<WebhookDeliveryDetails> {
        let organizationID = try request.organizationID
        let endpointID = request.body.endpointID
        let deliveryID = request.body.deliveryID
        let endpoint = try WebhookEndpointStore(transaction: transaction).require(
            endpointID, organizationID: organizationID, locking: true)
        let store = WebhookDeliveryStore(transaction: transaction)
        guard var delivery = try store.lock(deliveryID, endpointID: endpointID, organizationID: organizationID) else {
            throw Problem.notFound("webhook delivery")
        }
        guard endpoint.details.status == .enabled else {
            throw Problem(.conflict, "The webhook endpoint is disabled; enable it first.")
        }
        var effects = Effects.none
        if let plan = try delivery.retry(at: moment.now) {
            try store.update([delivery], at: moment.now)
            effects.start(DeliverWebhookJob.job(for: delivery, plan))
        }
        let reader = WebhookDeliveryReader(
            transaction: transaction, organizationID: organizationID, endpointID: endpointID)
        guard let details = try reader.find(deliveryID) else { throw Problem.notFound("webhook delivery") }
        return Answer(details, causing: effects)
    }
}
