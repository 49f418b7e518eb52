import Contracts

/// An endpoint as the table has it.
struct StoredWebhookEndpoint: Sendable {
    /// Without the secret.
    let details: WebhookEndpointDetails
    /// Nil once it is deleted.
    let secret: String?
    /// The request that gave it this secret; nil for the first one.
    let rotationID: WebhookSecretRotationID?
    let isDeleted: Bool

    /// For the answers to its creation and to the change of its secret.
    var detailsWithSecret: WebhookEndpointDetails {
        var details = details
        details.secret = secret
        return details
    }
}
