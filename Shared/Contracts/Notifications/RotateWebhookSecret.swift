/// Give an endpoint a new secret. The old one goes on signing beside it for a while, so that the receiver can change over
/// without losing anything. The new secret is in this answer only.
public struct RotateWebhookSecret: Request {
    public static let name = "notifications.rotate-webhook-secret.v1"
    public static let recipient = ServiceName.notifications
    public typealias Reply = WebhookEndpointDetails
    public static var replyExample: WebhookEndpointDetails { .example }

    public var endpointID: WebhookEndpointID
    /// The same for every repetition: what was rotated once is not rotated again.
    public var rotationID: WebhookSecretRotationID
    /// How long the old secret goes on signing.
    public var oldSecretExpiresInSeconds: Int

    enum CodingKeys: String, CodingKey {
        case endpointID = "endpoint_id"
        case rotationID = "rotation_id"
        case oldSecretExpiresInSeconds = "old_secret_expires_in_seconds"
    }

    public init(
        endpointID: WebhookEndpointID, rotationID: WebhookSecretRotationID, oldSecretExpiresInSeconds: Int
    ) {
        self.endpointID = endpointID
        self.rotationID = rotationID
        self.oldSecretExpiresInSeconds = oldSecretExpiresInSeconds
    }

    public static var example: RotateWebhookSecret {
        RotateWebhookSecret(endpointID: .example, rotationID: .example, oldSecretExpiresInSeconds: 86_400)
    }
}
