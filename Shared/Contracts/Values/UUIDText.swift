import Foundation

extension UUID {
    /// Reads the canonical text form, upper or lower case; nil when it is something else. Foundation's own way goes through
    /// `sscanf`, and every message carries several ids.
    public init?(canonicalText text: String) {
        guard text.utf8.count == 36 else { return nil }
        var text = text
        var id: uuid_t = (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
        let isRead = text.withUTF8 { text in
            withUnsafeMutableBytes(of: &id) { bytes in
                var position = 0
                for index in 0..<16 {
                    if index == 4 || index == 6 || index == 8 || index == 10 {
                        guard text[position] == UInt8(ascii: "-") else { return false }
                        position += 1
                    }
                    guard let high = Self.digit(text[position]), let low = Self.digit(text[position + 1]) else {
                        return false
                    }
                    bytes[index] = high << 4 | low
                    position += 2
                }
                return true
            }
        }
        guard isRead else { return nil }
        self.init(uuid: id)
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x41 + 10
        case 0x61...0x66: byte - 0x61 + 10
        default: nil
        }
    }

    /// The canonical text form in lower case (RFC 9562, section 4).
    public var lowercaseText: String {
        let digits: StaticString = "0123456789abcdef"
        return withUnsafeBytes(of: uuid) { source in
            String(unsafeUninitializedCapacity: 36) { text in
                var position = 0
                for (index, byte) in source.enumerated() {
                    if index == 4 || index == 6 || index == 8 || index == 10 {
                        text[position] = UInt8(ascii: "-")
                        position += 1
                    }
                    text[position] = digits.utf8Start[Int(byte >> 4)]
                    text[position + 1] = digits.utf8Start[Int(byte & 15)]
                    position += 2
                }
                return position
            }
        }
    }
}
