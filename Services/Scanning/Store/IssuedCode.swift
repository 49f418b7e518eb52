import Contracts
import Foundation

/// What is kept of the code that came with a ticket's order.
struct IssuedCode: Sendable, Equatable {
    /// The occurrence that the ticket is for.
    let occurrenceID: OccurrenceID
    /// The SHA-256 of the code.
    let hash: Data
}
