import Contracts

/// A delivery that is to be sent.
struct StoredTicketDelivery: Sendable {
    var document: TicketDocument
    let recipient: String
    /// The organisation's own wording, if it has one.
    let template: MailTemplate?
}
