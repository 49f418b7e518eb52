import Glibc

/// What the generator needs to know of the head of an HTTP/1.1 message: where it ends, and how long the body is.
struct ReplyHead: Equatable {
    /// The status of an answer; 0 for a request.
    let status: Int
    /// Bytes up to the body.
    let length: Int
    /// Bytes of the body.
    let bodyLength: Int
    /// Whether the other side will not use the connection again.
    let closes: Bool
    /// After how many seconds to try again, where the answer says so.
    let retryAfter: Int?

    /// - Returns: nil while the head is incomplete.
    /// - Throws: for a body of unknown length, which the API gives to streams only.
    init?(_ bytes: UnsafeRawBufferPointer) throws {
        guard let end = bytes.firstOffset(of: "\r\n\r\n") else { return nil }
        length = end + 4
        status = Self.number(UnsafeRawBufferPointer(rebasing: bytes[min(9, length)..<min(12, length)])) ?? 0
        var bodyLength = 0
        var closes = false
        var retryAfter: Int?
        var line = 0
        while line < length - 2 {
            let rest = UnsafeRawBufferPointer(rebasing: bytes[line..<length])
            guard let newline = rest.firstIndex(of: UInt8(ascii: "\n")) else { break }
            let field = UnsafeRawBufferPointer(rebasing: rest[..<newline])
            if let value = Self.value(of: "content-length:", in: field) {
                bodyLength = Self.number(value) ?? 0
            } else if Self.value(of: "transfer-encoding:", in: field) != nil {
                throw BenchError("an answer has a body of unknown length")
            } else if let value = Self.value(of: "connection:", in: field) {
                closes = closes || value.contains(UInt8(ascii: "c"))
            } else if let value = Self.value(of: "retry-after:", in: field) {
                retryAfter = Self.number(value)
            }
            line += newline + 1
        }
        self.bodyLength = bodyLength
        self.closes = closes
        self.retryAfter = retryAfter
    }

    /// The value when the line is the named field; the name in lower case, with its colon.
    private static func value(of name: StaticString, in field: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
        let count = name.utf8CodeUnitCount
        guard field.count > count, let start = field.baseAddress,
            strncasecmp(
                start.assumingMemoryBound(to: CChar.self),
                UnsafeRawPointer(name.utf8Start).assumingMemoryBound(to: CChar.self), count) == 0
        else { return nil }
        return UnsafeRawBufferPointer(rebasing: field[count...])
    }

    /// The decimal number in the bytes, blanks around it left out.
    private static func number(_ bytes: UnsafeRawBufferPointer) -> Int? {
        var number: Int?
        for byte in bytes {
            if (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) {
                number = (number ?? 0) * 10 + Int(byte - UInt8(ascii: "0"))
            } else if number != nil {
                break
            } else if byte != UInt8(ascii: " ") {
                return nil
            }
        }
        return number
    }
}
