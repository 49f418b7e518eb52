import Foundation

/// The key that an endpoint's webhooks are signed with (Standard Webhooks 1.0, "Signature scheme").
struct WebhookSecret: Sendable, Equatable {
    static let byteCount = 32
    private static let prefix = "whsec_"

    let bytes: [UInt8]

    init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// Reads the text form; nil when it is not one.
    init?(_ text: String) {
        guard text.hasPrefix(Self.prefix), let data = Data(base64Encoded: String(text.dropFirst(Self.prefix.count)))
        else {
            return nil
        }
        bytes = Array(data)
    }

    /// `whsec_` and base64, as receivers configure it.
    var text: String { Self.prefix + Data(bytes).base64EncodedString() }
}
