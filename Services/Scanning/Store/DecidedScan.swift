import Contracts

/// One attempt at a gate with its answer: what is stored of it.
struct DecidedScan: Sendable {
    let draft: ScanDraft
    let answer: ScanAnswer
    /// The answer as it is sent and stored.
    let encodedAnswer: [UInt8]
    let ticketID: TicketID?
    let orderID: OrderID?
    let ticketTypeID: TicketTypeID?
    /// Which of the ticket's movements this was; nil when nobody passed.
    let movement: Int?
    let isFirstAdmission: Bool

    init(
        draft: ScanDraft, answer: ScanAnswer, ticketID: TicketID? = nil, orderID: OrderID? = nil,
        ticketTypeID: TicketTypeID? = nil, movement: Int? = nil, isFirstAdmission: Bool = false
    ) throws {
        self.draft = draft
        self.answer = answer
        encodedAnswer = try MessageCodec.encode(answer)
        self.ticketID = ticketID
        self.orderID = orderID
        self.ticketTypeID = ticketTypeID
        self.movement = movement
        self.isFirstAdmission = isFirstAdmission
    }

    /// What the other services hear of it.
    var event: ScanRecorded {
        ScanRecorded(
            scanID: draft.id, occurrenceID: draft.occurrenceID, ticketID: ticketID, orderID: orderID,
            ticketTypeID: ticketTypeID, direction: draft.direction, result: answer.result, gateID: draft.gateID,
            isFirstAdmission: isFirstAdmission, scannedAt: answer.scannedAt)
    }
}
