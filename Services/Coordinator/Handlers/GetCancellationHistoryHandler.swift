import Contracts
import Messaging
import Postgres

/// Says what happened in the cancellation of an occurrence, line by line.
struct GetCancellationHistoryHandler: SingleRequestHandler {
    typealias Body = GetCancellationHistory

    static let isReadOnly = true

    func answer(
        _ request: Received<GetCancellationHistory>, in transaction: PostgresTransaction, at moment: Moment
    ) throws -> Answer<SagaHistory> {
        let lines = try SagaHistoryStore(tables: .cancellations, transaction: transaction).lines(
            of: SagaKey(request.body.occurrenceID, of: try request.organizationID))
        guard !lines.isEmpty else { throw Problem.notFound("cancellation") }
        return Answer(SagaHistory(lines))
    }
}
