import Crypto
import Foundation

/// Checks the ticket codes of one occurrence with its public key alone, so also at a gate without a network.
public struct TicketVerifyingKey: Sendable {
    /// The occurrence whose tickets this key accepts.
    public let occurrenceID: UUID

    private let publicKey: Curve25519.Signing.PublicKey
    private let occurrenceTag: [UInt8]

    /// - Parameter publicKey: The 32 bytes of ``TicketSigningKey/publicKey``.
    /// - Throws: ``TicketKeyError/unusableKey`` when they are not an Ed25519 public key.
    public init(publicKey: [UInt8], occurrenceID: UUID) throws(TicketKeyError) {
        do {
            self.publicKey = try Curve25519.Signing.PublicKey(rawRepresentation: publicKey)
        } catch {
            throw .unusableKey
        }
        self.occurrenceID = occurrenceID
        self.occurrenceTag = TicketCode.tag(of: occurrenceID)
    }

    /// Decides what a scanned text is. A valid code may still be revoked: the caller compares the revision.
    public func verify(_ text: String) -> TicketCodeVerification {
        guard let code = TicketCode(text) else { return .malformed }
        return verify(code)
    }

    /// Decides what a well-formed code is.
    public func verify(_ code: TicketCode) -> TicketCodeVerification {
        guard code.occurrenceTag == occurrenceTag else { return .otherOccurrence(code) }
        let message = TicketCode.signedMessage(
            occurrenceID: occurrenceID, ticketID: code.ticketID, revision: code.revision)
        guard publicKey.isValidSignature(code.signature, for: message) else { return .forged }
        return .valid(ticketID: code.ticketID, revision: code.revision)
    }
}
