import Contracts
import Messaging
import Postgres

/// Marks the tickets that gates have let in. The door's own history is Scanning's.
struct ScanRecordedHandler: MessageHandler {
    func handle(
        _ messages: [Received<ScanRecorded>], in transaction: PostgresTransaction, at moment: Moment
    ) throws -> [Effects] {
        var first: [TicketID: CheckInStore.CheckIn] = [:]
        for message in messages {
            let scan = message.body
            guard scan.result == .admitted, let ticketID = scan.ticketID else { continue }
            if let known = first[ticketID], known.at <= scan.scannedAt { continue }
            first[ticketID] = CheckInStore.CheckIn(
                ticketID: ticketID, organizationID: try message.organizationID, occurrenceID: scan.occurrenceID,
                at: scan.scannedAt)
        }
        let checkIns = first.values.sorted { $0.ticketID < $1.ticketID }
        try CheckInStore(transaction: transaction).apply(checkIns, at: moment.now)
        return messages.map { _ in .none }
    }
}
