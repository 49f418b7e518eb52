import Contracts
import Foundation
import Messaging
import Postgres

/// Turns what happened into letters, in the transaction that heard of it.
struct LetterWriter {
    let transaction: PostgresTransaction
    let moment: Moment

    /// A letter that may have been written before.
    struct Draft {
        let organizationID: OrganizationID
        /// What it is about.
        let objectID: UUID
        let recipient: String
        let letter: Letter
    }

    /// Stores the letters about what was not told of before.
    /// - Parameter drafts: for each message at most one.
    /// - Returns: for each message, the jobs that send its letter.
    func write(_ drafts: [Draft?]) throws -> [[NewJob]] {
        let beginnings = drafts.map { draft in
            draft.map {
                LetterStore.Beginning(
                    notificationID: moment.makeUUID(), organizationID: $0.organizationID, objectID: $0.objectID,
                    recipient: $0.recipient, letter: $0.letter)
            }
        }
        let jobs = try LetterStore(transaction: transaction).add(beginnings.compactMap(\.self), at: moment.now)
        return beginnings.map { beginning in
            beginning.flatMap { jobs[$0.notificationID] }.map { [$0] } ?? []
        }
    }
}
