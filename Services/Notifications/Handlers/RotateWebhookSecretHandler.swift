import Contracts
import Messaging
import Postgres

/// Gives an endpoint a new secret and lets the one before sign beside it for a while. The same rotation again gets the same
/// answer, secret included.
struct RotateWebhookSecretHandler: SingleRequestHandler {
    /// How long an old secret may go on signing, in seconds.
    static let overlaps = 0...604_800

    func answer(
        _ request: Received<RotateWebhookSecret>, in transaction: PostgresTransaction, at moment: Moment
    ) throws -> Answer<WebhookEndpointDetails> {
        let organizationID = try request.organizationID
        let body = request.body
        let store = WebhookEndpointStore(transaction: transaction)
        let endpoint = try store.require(body.endpointID, organizationID: organizationID, locking: true)
        if endpoint.rotationID == body.rotationID { return Answer(endpoint.detailsWithSecret) }
        guard Self.overlaps.contains(body.oldSecretExpiresInSeconds) else {
            throw Problem.validation(
                "old_secret_expires_in_seconds",
                "must be between \(Self.overlaps.lowerBound) and \(Self.overlaps.upperBound)")
        }
        let overlap = Duration.seconds(body.oldSecretExpiresInSeconds)
        try store.rotateSecret(
            of: body.endpointID, organizationID: organizationID,
            to: WebhookSecret(bytes: moment.randomBytes(WebhookSecret.byteCount)),
            oldExpiresAt: overlap > .zero ? moment.now + overlap : nil, rotationID: body.rotationID, at: moment.now)
        let rotated = try store.require(body.endpointID, organizationID: organizationID)
        return Answer(rotated.detailsWithSecret)
    }
}
