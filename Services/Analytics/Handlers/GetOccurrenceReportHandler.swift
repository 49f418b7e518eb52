import Contracts
import Messaging
import Postgres

/// Reports what an occurrence sold and who came.
struct GetOccurrenceReportHandler: SingleRequestHandler {
    typealias Body = GetOccurrenceReport

    static let isReadOnly = true

    func answer(
        _ request: Received<GetOccurrenceReport>, in transaction: PostgresTransaction, at moment: Moment
    ) throws -> Answer<OccurrenceReport> {
        let reader = ReportReader(transaction: transaction, organizationID: try request.organizationID)
        guard let report = try reader.report(of: request.body.occurrenceID) else {
            throw Problem.notFound("occurrence")
        }
        return Answer(report)
    }
}
