import Contracts

/// What a scanned code proves at a gate, before anything is looked up about its ticket.
enum ScannedCode: Sendable, Equatable {
    /// Signed by this occurrence.
    case ticket(TicketID, revision: Int)
    /// Signed by another occurrence of the same organisation.
    case otherOccurrence(TicketID)
    /// Nothing.
    case unknown
}
