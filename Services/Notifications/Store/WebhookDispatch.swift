import Contracts

/// What an attempt needs to know.
struct WebhookDispatch: Sendable {
    let url: String
    let secret: WebhookSecret
    /// The one before, which signs too until it expires.
    let oldSecret: WebhookSecret?
    let oldSecretExpiresAt: Timestamp?
    let sequence: Int
    /// The exact body.
    let payload: [UInt8]

    /// What signs at a time, the newest first.
    func secrets(at time: Timestamp) -> [WebhookSecret] {
        guard let oldSecret, let oldSecretExpiresAt, oldSecretExpiresAt > time else { return [secret] }
        return [secret, oldSecret]
    }
}
