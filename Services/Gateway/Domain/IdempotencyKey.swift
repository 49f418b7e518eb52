import Contracts

/// The value of an `Idempotency-Key` header (draft-ietf-httpapi-idempotency-key-header): a structured-field string such
/// as `"8e03978e-40d5"`, or the same without the quotes, which many clients send.
struct IdempotencyKey: Hashable, Sendable {
    static let maximumLength = 255

    let text: String

    /// - Throws: a ``Problem`` `idempotency-key-required` when the value is no usable key.
    init(headerValue: String) throws(Problem) {
        var bytes = Array(headerValue.utf8.drop(while: Self.isBlank))
        while let last = bytes.last, Self.isBlank(last) { bytes.removeLast() }
        if bytes.first == UInt8(ascii: "\"") {
            guard let unquoted = Self.unquote(bytes) else { throw Self.unusable }
            bytes = unquoted
        }
        guard (1...Self.maximumLength).contains(bytes.count), bytes.allSatisfy({ (0x20...0x7E).contains($0) }) else {
            throw Self.unusable
        }
        text = String(decoding: bytes, as: UTF8.self)
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

    private static var unusable: Problem {
        Problem(
            .idempotencyKeyRequired,
            "Idempotency-Key must have 1 to \(maximumLength) printable ASCII characters, with or without quotes.")
    }

    /// RFC 9651, section 4.2.5: between quotes, a backslash escapes a quote or a backslash and nothing else.
    private static func unquote(_ bytes: [UInt8]) -> [UInt8]? {
        var text: [UInt8] = []
        var index = 1
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "\""): return index == bytes.count - 1 ? text : nil
            case UInt8(ascii: "\\"):
                index += 1
                guard index < bytes.count, bytes[index] == UInt8(ascii: "\"") || bytes[index] == UInt8(ascii: "\\")
                else { return nil }
                text.append(bytes[index])
            default: text.append(bytes[index])
            }
            index += 1
        }
        return nil
    }
}
