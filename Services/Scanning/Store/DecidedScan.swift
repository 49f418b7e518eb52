import Contracts

/// One attempt at a gate with its answer: what is stored of it.
struct DecidedScan: Sendable {
    let draft: ScanDraft
    let answer: ScanAnswer
    let ticketID: TicketID?
    let orderID: OrderID?
    let ticketTypeID: TicketTypeID?
    /// Which of the ticket's movements this was; nil when nobody passed.
    let movement: Int?
    let isFirstAdmission: Bool

    /// What the other services hear of it.
    var event: ScanRecorded {
        ScanRecorded(
            scanID: draft.id, occurrenceID: draft.occurrenceID, ticketID: ticketID, orderID: orderID,
            ticketTypeID: ticketTypeID, direction: draft.direction, result: answer.result, gateID: draft.gateID,
            isFirstAdmission: isFirstAdmission, scannedAt: answer.scannedAt)
    }
}
