import Contracts

/// A ticket in the gates' own index. Its names are absent while only its code is known, because the order that it
/// belongs to has not arrived yet: the signed code is proof enough to let its holder in.
struct GateTicket: Sendable, Equatable {
    let id: TicketID
    let orderID: OrderID?
    let ticketTypeID: TicketTypeID?
    let ticketTypeName: String?
    let holderName: String?
    let publicID: String?
    /// Nil when only a code is known, and for tickets from before codes were kept.
    let issuedCode: IssuedCode?
    var presence: TicketPresence

    /// What the gate may show.
    var shown: ScannedTicket {
        ScannedTicket(
            id: id, ticketTypeID: ticketTypeID, ticketTypeName: ticketTypeName, holderName: holderName,
            publicID: publicID)
    }
}
