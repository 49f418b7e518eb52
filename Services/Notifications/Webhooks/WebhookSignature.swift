import Contracts
import Crypto
import Foundation

/// Signs webhooks as Standard Webhooks 1.0 asks for (section "Signature scheme", symmetric).
enum WebhookSignature {
    /// The three headers of one attempt.
    /// - Parameters:
    ///   - id: the same for every attempt at one delivery; it must not contain a full stop.
    ///   - time: of this attempt.
    ///   - secrets: the endpoint's own, and after it the one before while that still counts. The receiver takes the webhook
    ///     when any signature is right.
    static func headers(
        id: String, time: Timestamp, payload: [UInt8], secrets: [WebhookSecret]
    ) -> [(name: String, value: String)] {
        let seconds = time.millisecondsSince1970 / 1000
        let signatures = secrets.map { signature(id: id, seconds: seconds, payload: payload, secret: $0) }
        return [
            ("webhook-id", id), ("webhook-timestamp", String(seconds)),
            ("webhook-signature", signatures.joined(separator: " ")),
        ]
    }

    /// `v1,` and the base64 of HMAC-SHA256 over `{id}.{timestamp}.{payload}`.
    static func signature(id: String, seconds: Int64, payload: [UInt8], secret: WebhookSecret) -> String {
        var code = HMAC<SHA256>(key: SymmetricKey(data: secret.bytes))
        code.update(data: Array("\(id).\(seconds).".utf8))
        code.update(data: payload)
        return "v1," + Data(code.finalize()).base64EncodedString()
    }
}
