/// What refunds made of a ticket, as the newest event about it says.
enum TicketRefundState: String, Sendable, CaseIterable {
    /// It admits nobody while its refund is on its way.
    case takenBack = "taken_back"
    case refunded
    /// The refund is off: it is as good as before.
    case givenBack = "given_back"

    /// Whether the ticket may be shown as one that admits.
    var isValid: Bool { self == .givenBack }
}
