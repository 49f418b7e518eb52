import Foundation

/// The platform's master secret, from which every occurrence's signing key is derived. Its bytes never show in a
/// description.
struct TicketSigningSecret: Sendable, CustomStringConvertible, CustomReflectable {
    static let minimumLength = 32

    let bytes: [UInt8]

    /// Reads hexadecimal digits or base64 where the text is one of these, and else takes the text itself; nil when
    /// fewer than 32 bytes come of it.
    init?(_ text: String) {
        let bytes = Self.hexadecimal(text) ?? Self.base64(text) ?? Array(text.utf8)
        guard bytes.count >= Self.minimumLength else { return nil }
        self.bytes = bytes
    }

    var description: String { "TicketSigningSecret(****)" }

    var customMirror: Mirror { Mirror(self, children: []) }

    private static func hexadecimal(_ text: String) -> [UInt8]? {
        let digits = Array(text.utf8)
        guard digits.count % 2 == 0, digits.count >= 2 * minimumLength else { return nil }
        var bytes: [UInt8] = []
        for index in stride(from: 0, to: digits.count, by: 2) {
            guard let high = Character(UnicodeScalar(digits[index])).hexDigitValue,
                let low = Character(UnicodeScalar(digits[index + 1])).hexDigitValue
            else { return nil }
            bytes.append(UInt8(high * 16 + low))
        }
        return bytes
    }

    private static func base64(_ text: String) -> [UInt8]? {
        guard let data = Data(base64Encoded: text), data.count >= minimumLength else { return nil }
        return Array(data)
    }
}
