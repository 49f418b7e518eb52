import Crypto
import Foundation

/// A strong validator of an answer's bytes (RFC 9110, section 8.8.3).
struct EntityTag: Sendable, Equatable, CustomStringConvertible {
    let description: String

    /// A tag that was made before.
    init(description: String) {
        self.description = description
    }

    init(of bytes: [UInt8]) {
        let digits = Array("0123456789abcdef".utf8)
        let digest = SHA256.hash(data: bytes).prefix(16).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
        description = "\"" + String(decoding: digest, as: UTF8.self) + "\""
    }

    /// Whether an `If-None-Match` names this tag: compared weakly, as RFC 9110, section 13.1.2 wants it.
    func isNamed(in ifNoneMatch: [String]) -> Bool {
        ifNoneMatch.flatMap { $0.split(separator: ",") }.contains { candidate in
            let trimmed = candidate.drop { $0 == " " || $0 == "\t" }
            let tag = trimmed.hasPrefix("W/") ? trimmed.dropFirst(2) : trimmed
            return tag == "*" || tag.prefix { $0 != " " && $0 != "\t" } == description
        }
    }
}
