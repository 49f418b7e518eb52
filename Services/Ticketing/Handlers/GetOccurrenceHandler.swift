import Contracts
import Messaging
import Postgres

/// Answers with one occurrence.
struct GetOccurrenceHandler: SingleRequestHandler {
    static let isReadOnly = true

    func answer(
        _ request: Received<GetOccurrence>, in transaction: PostgresTransaction, at moment: Moment
    ) throws -> Answer<OccurrenceDetails> {
        let found = try OccurrenceStore(transaction: transaction).find(
            request.body.occurrenceID, organizationID: request.organizationID)
        guard let found else { throw Problem.notFound("occurrence") }
        return Answer(found.occurrence)
    }
}
