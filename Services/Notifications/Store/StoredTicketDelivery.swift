import Contracts

/// A delivery that is to be sent.
struct StoredTicketDelivery: Sendable {
    var document: TicketDocument
    let recipient: String
    /// The organisation's own wording, if it has one.
    let template: MailTemplate?
    /// What is known of the order's tickets; those that no refund touched are absent.
    let refundStates: [TicketID: TicketRefundState]
}
