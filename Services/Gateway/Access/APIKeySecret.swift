import Contracts
import Crypto
import Foundation
import Messaging

/// An API key as its holder has it: `vge_`, 8 visible characters, `_`, and 256 random bits.
///
/// Only its SHA-256 is stored. A slow password hash would add nothing: nobody guesses 256 random bits (OWASP ASVS 5.0,
/// 6.5 and 11.4).
struct APIKeySecret: Sendable {
    static let marker = "vge_"
    private static let visibleLength = 8
    /// log2(62) × 43 is a little more than 256 bits.
    private static let secretLength = 43
    private static let alphabet = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")

    let text: String

    /// The part that may be shown, such as `vge_Ab3dE6gH`.
    var prefix: String { String(text.prefix(Self.marker.count + Self.visibleLength)) }

    var hash: [UInt8] { Self.hash(text) }

    /// Makes a new key.
    static func make(at moment: Moment) -> APIKeySecret {
        func characters(_ count: Int) -> String {
            String((0..<count).compactMap { _ in moment.randomElement(of: alphabet) })
        }
        return APIKeySecret(text: marker + characters(visibleLength) + "_" + characters(secretLength))
    }

    static func hash(_ presented: String) -> [UInt8] { Array(SHA256.hash(data: Array(presented.utf8))) }

    /// The prefix of a text that has the form of a key; nil for any other text.
    static func prefix(of presented: String) -> String? {
        let visibleEnd = marker.utf8.count + visibleLength
        let bytes = Array(presented.utf8)
        guard bytes.count == visibleEnd + 1 + secretLength, presented.hasPrefix(marker),
            bytes[visibleEnd] == UInt8(ascii: "_"), bytes.allSatisfy({ (0x21...0x7E).contains($0) })
        else { return nil }
        return String(decoding: bytes[..<visibleEnd], as: UTF8.self)
    }

    /// Compares hashes in a time that does not depend on where they differ.
    static func areEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        guard left.count == right.count else { return false }
        return zip(left, right).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
