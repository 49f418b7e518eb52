import Contracts

/// A ticket of an order as refunds see it.
struct RefundableTicket: Sendable, Equatable {
    let id: TicketID
    let ticketTypeID: TicketTypeID
    let priceCents: Int
    /// Whether it was ever used at the gate.
    let wasCheckedIn: Bool
    var status: TicketStatus
    /// The refund that takes it back, or has.
    var refundID: RefundID?
    /// What of its refund is this ticket's.
    var refundAmountCents: Int

    /// Whether a refund may still take it back. Used ones may be: the organiser decides.
    var isLeft: Bool {
        switch status {
        case .confirmed, .checkedIn: refundID == nil
        case .reserved, .expired, .canceled, .refunded, .voided, .transferred: false
        }
    }

    var refunded: RefundedTicket {
        RefundedTicket(
            id: id, ticketTypeID: ticketTypeID, amountCents: refundAmountCents, wasCheckedIn: wasCheckedIn)
    }
}
