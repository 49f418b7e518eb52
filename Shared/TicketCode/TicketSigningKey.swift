import Crypto
import Foundation

/// Signs the ticket codes of one occurrence.
///
/// Each occurrence has a key pair of its own, derived from the platform's master secret with HKDF-SHA256 (RFC 5869), so
/// that nothing is stored per occurrence and a gate that knows one public key can check nothing else.
public struct TicketSigningKey: Sendable {
    /// The occurrence whose tickets this key signs.
    public let occurrenceID: UUID

    private let privateKey: Curve25519.Signing.PrivateKey

    private static let minimumSecretLength = 32

    /// Derives the key pair: `HKDF(ikm: secret, salt: "voelgoed ticket signing key v1", info: occurrence ID, 32 bytes)`
    /// is the Ed25519 seed.
    ///
    /// - Parameter secret: The platform's master secret, at least 32 random bytes.
    /// - Throws: ``TicketKeyError/secretTooShort(minimumBytes:)``.
    public init(secret: [UInt8], occurrenceID: UUID) throws(TicketKeyError) {
        guard secret.count >= Self.minimumSecretLength else {
            throw .secretTooShort(minimumBytes: Self.minimumSecretLength)
        }
        let seed = HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: secret),
            salt: Array("voelgoed ticket signing key v1".utf8),
            info: occurrenceID.byteArray,
            outputByteCount: 32
        )
        do {
            self.privateKey = try Curve25519.Signing.PrivateKey(rawRepresentation: seed)
        } catch {
            throw .unusableKey
        }
        self.occurrenceID = occurrenceID
    }

    /// The 32 bytes a gate needs to check this occurrence's tickets; not secret.
    public var publicKey: [UInt8] {
        Array(privateKey.publicKey.rawRepresentation)
    }

    /// The QR code's text for one revision of a ticket. The same input always gives the same text.
    ///
    /// - Throws: Whatever the cryptographic library reports; it has no input-dependent failure.
    public func sign(ticketID: UUID, revision: UInt16) throws -> String {
        let message = TicketCode.signedMessage(occurrenceID: occurrenceID, ticketID: ticketID, revision: revision)
        let signature = try privateKey.signature(for: message)
        return TicketCode(
            occurrenceID: occurrenceID, ticketID: ticketID, revision: revision, signature: Array(signature)
        ).text
    }
}
