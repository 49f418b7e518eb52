import Contracts
import Messaging
import Postgres

/// Says how far the cancellation of an occurrence is.
struct GetCancellationHandler: SingleRequestHandler {
    typealias Body = GetCancellation

    static let isReadOnly = true

    func answer(
        _ request: Received<GetCancellation>, in transaction: PostgresTransaction, at moment: Moment
    ) throws -> Answer<CancellationDetails> {
        let key = SagaKey(request.body.occurrenceID, of: try request.organizationID)
        guard let cancellation = try SagaStore<CancellationSaga>(transaction: transaction).find(key) else {
            throw Problem.notFound("cancellation")
        }
        let progress = try CancellationReader(transaction: transaction).progress(of: cancellation)
        return Answer(cancellation.details(progress))
    }
}
