import Contracts

/// What a scanned code proves at a gate.
enum ScannedCode: Sendable, Equatable {
    /// Issued by this occurrence.
    case ticket(TicketID, revision: Int)
    /// Issued by another occurrence of the same organisation.
    case otherOccurrence(TicketID)
    /// Nothing.
    case unknown
}
