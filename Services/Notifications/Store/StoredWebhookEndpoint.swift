import Contracts

/// An endpoint as the table has it.
struct StoredWebhookEndpoint: Sendable {
    /// Without the secret.
    let details: WebhookEndpointDetails
    /// Nil once it is deleted.
    let secret: String?
    let isDeleted: Bool

    /// For the answer to its creation.
    var detailsWithSecret: WebhookEndpointDetails {
        var details = details
        details.secret = secret
        return details
    }
}
