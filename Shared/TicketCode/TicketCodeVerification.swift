import Foundation

/// What a gate learns from a code and the occurrence's public key alone.
public enum TicketCodeVerification: Equatable, Sendable {
    /// Signed by this occurrence's key.
    case valid(ticketID: UUID, revision: UInt16)

    /// Well formed, but its tag names another occurrence. Its signature was not checked: this key cannot.
    case otherOccurrence(TicketCode)

    /// Not a ticket code at all.
    case malformed

    /// Claims this occurrence, but was not signed by its key.
    case forged
}
