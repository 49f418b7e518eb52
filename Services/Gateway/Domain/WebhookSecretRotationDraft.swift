/// What an organiser says when giving an endpoint a new secret.
struct WebhookSecretRotationDraft: Codable, Sendable, Equatable {
    /// How long deliveries are signed with the old secret too. Default a day.
    var oldSecretExpiresInSeconds: Int?

    static let overlaps = 0...604_800
    static let defaultOverlap = 86_400

    enum CodingKeys: String, CodingKey {
        case oldSecretExpiresInSeconds = "old_secret_expires_in_seconds"
    }

    static var example: WebhookSecretRotationDraft {
        WebhookSecretRotationDraft(oldSecretExpiresInSeconds: defaultOverlap)
    }
}
