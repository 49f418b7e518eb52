import Contracts

/// The signing secret is not the one the occurrence was created with, so that no gate would accept its tickets.
struct TicketSecretMismatch: Error, Equatable, CustomStringConvertible {
    let occurrenceID: OccurrenceID

    var description: String {
        "the ticket signing secret is not the one that occurrence \(occurrenceID) was created with"
    }
}
