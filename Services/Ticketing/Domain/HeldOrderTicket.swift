import Contracts

/// A ticket of an order as the stock commands see it.
struct HeldOrderTicket: Sendable, Equatable {
    let id: TicketID
    let ticketTypeID: TicketTypeID
    let ticketTypeName: String
    let publicID: String
    let holderName: String
    let holderEmail: String
    let priceCents: Int
    /// The signed code and its revision; nil until the ticket is confirmed.
    var code: String?
    var revision: Int

    var issued: IssuedTicket? {
        code.map { code in
            IssuedTicket(
                id: id, ticketTypeID: ticketTypeID, ticketTypeName: ticketTypeName, publicID: publicID, code: code,
                revision: revision, holderName: holderName, holderEmail: holderEmail, priceCents: priceCents)
        }
    }
}
