import Contracts
import Foundation
import Messaging
import Postgres

/// Keeps what gates have to know of occurrences. An older version than the known one is dropped.
struct OccurrenceChangedHandler: MessageHandler {
    /// The occurrence comes without the key that verifies its tickets: nobody could be let in.
    struct UnusablePublicKey: Error, Equatable, CustomStringConvertible {
        let occurrenceID: OccurrenceID

        var description: String { "the public key of occurrence \(occurrenceID) is not 32 bytes in base64" }
    }

    private static let publicKeyLength = 32

    func handle(
        _ messages: [Received<OccurrenceChanged>], in transaction: PostgresTransaction, at moment: Moment
    ) throws -> [Effects] {
        var newest: [OccurrenceID: OccurrenceStore.Change] = [:]
        for message in messages {
            let occurrence = message.body.occurrence
            if let known = newest[occurrence.id], known.occurrence.version >= occurrence.version { continue }
            guard let key = Data(base64Encoded: occurrence.publicKey), key.count == Self.publicKeyLength else {
                throw UnusablePublicKey(occurrenceID: occurrence.id)
            }
            newest[occurrence.id] = OccurrenceStore.Change(
                organizationID: try message.organizationID, occurrence: occurrence,
                eventStatus: message.body.eventStatus, publicKey: key)
        }
        try OccurrenceStore(transaction: transaction).apply(Array(newest.values))
        return messages.map { _ in .none }
    }
}
