import Contracts
import Messaging
import Postgres

/// Answers the gates: verifies the code, decides, and stores the attempt whatever its result.
struct RecordScanHandler: RequestHandler {
    func answer(
        _ requests: [Received<RecordScan>], in transaction: PostgresTransaction, at moment: Moment
    ) throws -> [Answer<ScanAnswer>] {
        guard let organizationID = try requests.first?.organizationID else { return [] }
        let recorder = ScanRecorder(transaction: transaction, organizationID: organizationID, now: moment.now)
        return try recorder.record(requests.map(\.body.scan))
    }
}
