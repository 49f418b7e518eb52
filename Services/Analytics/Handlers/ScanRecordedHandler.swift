import Contracts
import Messaging
import Postgres

/// Counts a ticket as checked in when it is let in for the first time.
struct ScanRecordedHandler: MessageHandler {
    func handle(
        _ messages: [Received<ScanRecorded>], in transaction: PostgresTransaction, at moment: Moment
    ) throws -> [Effects] {
        let admissions = try messages.compactMap { message -> Admission? in
            let scan = message.body
            guard scan.isFirstAdmission, let ticketID = scan.ticketID else { return nil }
            return Admission(
                organizationID: try message.organizationID, occurrenceID: scan.occurrenceID, ticketID: ticketID,
                ticketTypeID: scan.ticketTypeID, scanID: scan.scanID, admittedAt: scan.scannedAt)
        }
        try ReportStore(transaction: transaction).add(admissions)
        return messages.map { _ in .none }
    }
}
