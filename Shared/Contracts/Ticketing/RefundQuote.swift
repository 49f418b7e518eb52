/// What a refund of an order would come to.
public struct RefundQuote: Codable, Sendable, Equatable {
    public var checkoutID: CheckoutID
    public var occurrenceID: OccurrenceID
    /// Minor units of `currency`.
    public var amountCents: Int
    public var currency: Currency
    /// The tickets that the refund takes back; empty when they stay valid.
    public var ticketIDs: [TicketID]

    enum CodingKeys: String, CodingKey {
        case currency
        case checkoutID = "checkout_id"
        case occurrenceID = "occurrence_id"
        case amountCents = "amount_cents"
        case ticketIDs = "ticket_ids"
    }

    public init(
        checkoutID: CheckoutID, occurrenceID: OccurrenceID, amountCents: Int, currency: Currency, ticketIDs: [TicketID]
    ) {
        self.checkoutID = checkoutID
        self.occurrenceID = occurrenceID
        self.amountCents = amountCents
        self.currency = currency
        self.ticketIDs = ticketIDs
    }

    public static var example: RefundQuote {
        RefundQuote(
            checkoutID: .example, occurrenceID: .example, amountCents: 5000, currency: .example, ticketIDs: [.example]
        )
    }
}
