import Crypto
import Foundation

/// What a ticket's QR code says, signed so that a gate can check it without a network.
///
/// The text form is the prefix `VG1` and the RFC 4648 base32 (upper case, no padding) of 91 bytes: version (1), occurrence
/// tag (8), ticket ID (16), revision (2, big endian) and Ed25519 signature (64). It uses only characters of a QR
/// code's alphanumeric mode, so that the symbol stays small (version 6 at medium error correction).
///
/// A `TicketCode` is well formed but not yet trusted: ``TicketVerifyingKey/verify(_:)`` decides that.
public struct TicketCode: Equatable, Sendable {
    /// The format's version, the first byte of every code.
    public static let version: UInt8 = 1

    /// What every text form starts with.
    public static let prefix = "VG1"

    /// The length of the text form in characters.
    public static let textLength = prefix.utf8.count + Base32.encodedLength(of: byteCount)

    /// The last eight bytes of the occurrence's UUID: enough to tell a guest that the ticket is for another date.
    public let occurrenceTag: [UInt8]

    /// The ticket this code belongs to.
    public let ticketID: UUID

    /// Counts the codes issued for one ticket; a transferred or reissued ticket gets the next number.
    public let revision: UInt16

    /// 64 bytes of Ed25519 (RFC 8032) over ``signedMessage(occurrenceID:ticketID:revision:)``.
    public let signature: [UInt8]

    static let tagLength = 8
    static let signatureLength = 64
    static let byteCount = 1 + tagLength + 16 + 2 + signatureLength

    /// Surrounding white space is forgiven up to this size, so that a hostile input costs nothing.
    private static let maximumInputLength = 512

    init(occurrenceID: UUID, ticketID: UUID, revision: UInt16, signature: [UInt8]) {
        self.occurrenceTag = Self.tag(of: occurrenceID)
        self.ticketID = ticketID
        self.revision = revision
        self.signature = signature
    }

    /// Reads a scanned or typed code; nil when it is not exactly one code in its canonical encoding.
    ///
    /// Letter case and surrounding ASCII white space do not matter. Unused bits after the last byte must be zero, so
    /// that one ticket revision has one text form and revocation lists cannot be passed by re-encoding.
    public init?(_ text: String) {
        guard text.utf8.count <= Self.maximumInputLength else { return nil }
        let characters = Self.trimmed(Array(text.utf8)).map(Base32.uppercased)
        let prefix = Array(Self.prefix.utf8)
        guard characters.count == Self.textLength, characters.starts(with: prefix),
            let bytes = Base32.decode(characters.dropFirst(prefix.count))
        else { return nil }
        self.init(bytes: bytes)
    }

    init?(bytes: [UInt8]) {
        guard bytes.count == Self.byteCount, bytes[0] == Self.version else { return nil }
        let ticketStart = 1 + Self.tagLength
        let revisionStart = ticketStart + 16
        self.occurrenceTag = Array(bytes[1..<ticketStart])
        self.ticketID = UUID(bytes: bytes[ticketStart..<revisionStart])
        self.revision = UInt16(bytes[revisionStart]) << 8 | UInt16(bytes[revisionStart + 1])
        self.signature = Array(bytes[(revisionStart + 2)...])
    }

    /// The text that goes into the QR code.
    public var text: String {
        Self.prefix + Base32.encode(bytes)
    }

    /// The SHA-256 of ``text``, 32 bytes: what may be kept of a code, since the code itself lets its reader in.
    public var hash: [UInt8] {
        Array(SHA256.hash(data: Array(text.utf8)))
    }

    var bytes: [UInt8] {
        [Self.version] + occurrenceTag + ticketID.byteArray + Self.bigEndian(revision) + signature
    }

    /// What the signature covers: a prefix that separates it from any other use of the key, the whole occurrence ID
    /// (the tag alone could collide), the ticket and the revision.
    static func signedMessage(occurrenceID: UUID, ticketID: UUID, revision: UInt16) -> [UInt8] {
        Array("voelgoed ticket code v1".utf8) + occurrenceID.byteArray + ticketID.byteArray + bigEndian(revision)
    }

    static func tag(of occurrenceID: UUID) -> [UInt8] {
        occurrenceID.byteArray.suffix(tagLength)
    }

    private static func bigEndian(_ value: UInt16) -> [UInt8] {
        [UInt8(value >> 8), UInt8(value & 0xff)]
    }

    private static func trimmed(_ characters: [UInt8]) -> ArraySlice<UInt8> {
        let isWhiteSpace: (UInt8) -> Bool = { $0 == 0x20 || (0x09...0x0d).contains($0) }
        guard let first = characters.firstIndex(where: { !isWhiteSpace($0) }),
            let last = characters.lastIndex(where: { !isWhiteSpace($0) })
        else { return [] }
        return characters[first...last]
    }
}
